#pragma once

#include <string>
#include <vector>

namespace foothold::studies {

/// One curve with a band around it. The points of all three lie at `x`, which ascends.
struct ChartLine {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> low;   ///< of the band; empty: no band
  std::vector<double> high;  ///< likewise
};

/// A picture of several curves over a logarithmic x axis and a linear y axis.
struct LineChart {
  std::string title;
  std::string x_label;
  std::string y_label;
  double y_min = 0;
  double y_max = 1;
  std::vector<ChartLine> lines;

  /// A stand-alone SVG document with a legend; colours are those of PaletteColour in the order of
  /// the lines. Values outside [y_min, y_max] are drawn at its ends.
  /// REQUIRES: at least one line with at least one point; x > 0; y_min < y_max; all finite; y, low
  /// and high as long as x, where they are not empty.
  std::string ToSvg() const;
};

}  // namespace foothold::studies
