#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace foothold::studies {

/// `text` with &, <, > and " escaped, for HTML and SVG: names come from files and must not be read
/// as markup.
std::string EscapeMarkup(std::string_view text);

/// The i-th colour of Okabe and Ito's palette, which the colour-blind can tell apart, as "#RRGGBB".
/// Begins again after the last one.
std::string_view PaletteColour(std::size_t i);

/// A whole page: `title`, then `body`, which is markup. Needs nothing from elsewhere.
std::string HtmlPage(std::string_view title, std::string_view body);

}  // namespace foothold::studies
