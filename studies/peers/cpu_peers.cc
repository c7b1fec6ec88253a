// The peers of the cpu target: runs one workload with oneDNN or OpenBLAS and prints a run report
// (candidate/run_report.h). A program of its own, so that foothold itself needs neither library.
//
//     cpu_peers PEER WORKLOAD REPEATS [verify]
//
// Exit code 69 (sysexits.h: service unavailable) when this build or host does not have the peer.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>

#include "base/cpu_time.h"
#include "foothold/workload.h"

#ifdef FOOTHOLD_HAVE_ONEDNN
#include <dnnl.hpp>
#endif
#ifdef FOOTHOLD_HAVE_OPENBLAS
#include <cblas.h>
#endif

namespace foothold::studies {
namespace {

constexpr int kUnavailable = 69;
constexpr std::uint64_t kTensorSeed = 1;

/// A workload made ready: call it to compute, then read the output in the workload's layout.
struct Prepared {
  std::function<void()> call;
  std::function<std::vector<float>()> output;
  std::string detail;  ///< which kernel the library chose
};

/// The same rule as the cpu target's programs: processor time of the one thread, the fastest of the
/// calls made in 20 ms; a first call that does not count; no repeat begins after 1 s.
std::vector<double> Time(const std::function<void()>& call, int repeats) {
  constexpr double kRepeatSeconds = 20e-3;
  constexpr double kAllSeconds = 1;
  call();
  std::vector<double> times;
  const double all = base::ThreadCpuSeconds();
  while (static_cast<int>(times.size()) < repeats &&
         (times.empty() || base::ThreadCpuSeconds() - all < kAllSeconds)) {
    double best = 0;
    const double repeat = base::ThreadCpuSeconds();
    do {
      const double start = base::ThreadCpuSeconds();
      call();
      const double time = base::ThreadCpuSeconds() - start;
      if (best == 0 || time < best) best = time;
    } while (base::ThreadCpuSeconds() - repeat < kRepeatSeconds);
    times.push_back(best);
  }
  return times;
}

[[maybe_unused]] int AsInt(std::int64_t size) { return static_cast<int>(size); }

#ifdef FOOTHOLD_HAVE_ONEDNN
using dnnl::memory;

void Reorder(const dnnl::engine& engine, std::vector<float>& plain, const memory::desc& desc,
             memory& other, bool to_plain) {
  memory ours(desc, engine, plain.data());
  dnnl::stream stream(engine);
  if (to_plain) {
    dnnl::reorder(other, ours).execute(stream, other, ours);
  } else {
    dnnl::reorder(ours, other).execute(stream, ours, other);
  }
  stream.wait();
}

/// The weights, and with `own_layouts` the input as well, are brought into the layouts that oneDNN
/// likes best before the clock starts.
Prepared OneDnnConv2d(const Conv2d& conv, FloatTensors tensors, bool own_layouts) {
  using tag = memory::format_tag;
  constexpr auto kFloat = memory::data_type::f32;
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  const memory::dims in = {conv.batch, conv.in_channels, conv.height, conv.width};
  const memory::dims kernel = {conv.out_channels, conv.in_channels, conv.kernel_h, conv.kernel_w};
  const memory::dims out = {conv.batch, conv.out_channels, conv.out_height(), conv.out_width()};
  const tag activations = own_layouts ? tag::any : tag::nchw;
  const memory::dims pads = {conv.pad_h, conv.pad_w};
  const dnnl::convolution_forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      memory::desc(in, kFloat, activations), memory::desc(kernel, kFloat, tag::any),
      memory::desc(out, kFloat, activations), {conv.stride_h, conv.stride_w}, pads, pads);
  const dnnl::convolution_forward::primitive_desc primitive(desc, engine);
  auto source = std::make_shared<memory>(primitive.src_desc(), engine);
  auto weights = std::make_shared<memory>(primitive.weights_desc(), engine);
  auto destination = std::make_shared<memory>(primitive.dst_desc(), engine);
  Reorder(engine, tensors.input, memory::desc(in, kFloat, tag::nchw), *source, false);
  Reorder(engine, tensors.weight, memory::desc(kernel, kFloat, tag::oihw), *weights, false);
  const dnnl::convolution_forward convolution(primitive);
  Prepared prepared;
  prepared.detail = primitive.impl_info_str();
  prepared.call = [=, stream = dnnl::stream(engine)]() mutable {
    convolution.execute(
        stream,
        {{DNNL_ARG_SRC, *source}, {DNNL_ARG_WEIGHTS, *weights}, {DNNL_ARG_DST, *destination}});
    stream.wait();
  };
  prepared.output = [=] {
    std::vector<float> plain(static_cast<std::size_t>(out[0] * out[1] * out[2] * out[3]));
    Reorder(engine, plain, memory::desc(out, kFloat, tag::nchw), *destination, true);
    return plain;
  };
  return prepared;
}

Prepared OneDnnGemm(const Dense& dense, FloatTensors tensors) {
  auto data = std::make_shared<FloatTensors>(std::move(tensors));
  auto out = std::make_shared<std::vector<float>>(
      static_cast<std::size_t>(dense.batch * dense.out_features));
  Prepared prepared;
  prepared.detail = "dnnl_sgemm";
  prepared.call = [=] {
    dnnl_sgemm('N', 'T', dense.batch, dense.out_features, dense.in_features, 1, data->input.data(),
               dense.in_features, data->weight.data(), dense.in_features, 0, out->data(),
               dense.out_features);
  };
  prepared.output = [=] { return *out; };
  return prepared;
}
#endif

#ifdef FOOTHOLD_HAVE_OPENBLAS
/// Row (c, kh, kw) of the columns: what that weight is multiplied with, for each output pixel.
void ToColumns(const Conv2d& conv, const float* image, float* columns) {
  for (std::int64_t c = 0; c < conv.in_channels; ++c)
    for (std::int64_t kh = 0; kh < conv.kernel_h; ++kh)
      for (std::int64_t kw = 0; kw < conv.kernel_w; ++kw)
        for (std::int64_t oh = 0; oh < conv.out_height(); ++oh) {
          const std::int64_t ih = oh * conv.stride_h + kh - conv.pad_h;
          const float* row = image + (c * conv.height + ih) * conv.width;
          const bool is_row = ih >= 0 && ih < conv.height;
          for (std::int64_t ow = 0; ow < conv.out_width(); ++ow) {
            const std::int64_t iw = ow * conv.stride_w + kw - conv.pad_w;
            *columns++ = is_row && iw >= 0 && iw < conv.width ? row[iw] : 0;
          }
        }
}

/// im2col, which is in the time, and a product. A 1x1 kernel of stride 1 needs no columns.
Prepared OpenBlasConv2d(const Conv2d& conv, FloatTensors tensors) {
  auto data = std::make_shared<FloatTensors>(std::move(tensors));
  const std::int64_t pixels = conv.out_height() * conv.out_width();
  const std::int64_t reduction = conv.in_channels * conv.kernel_h * conv.kernel_w;
  const bool is_plain = conv.kernel_h * conv.kernel_w == 1 && conv.stride_h * conv.stride_w == 1 &&
                        conv.pad_h + conv.pad_w == 0;
  auto columns = std::make_shared<std::vector<float>>(
      is_plain ? 0 : static_cast<std::size_t>(reduction * pixels));
  auto out = std::make_shared<std::vector<float>>(
      static_cast<std::size_t>(conv.batch * conv.out_channels * pixels));
  Prepared prepared;
  prepared.detail = openblas_get_corename();
  prepared.call = [=] {
    for (std::int64_t n = 0; n < conv.batch; ++n) {
      const float* image = data->input.data() + n * conv.in_channels * conv.height * conv.width;
      if (!is_plain) ToColumns(conv, image, columns->data());
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, AsInt(conv.out_channels),
                  AsInt(pixels), AsInt(reduction), 1, data->weight.data(), AsInt(reduction),
                  is_plain ? image : columns->data(), AsInt(pixels), 0,
                  out->data() + n * conv.out_channels * pixels, AsInt(pixels));
    }
  };
  prepared.output = [=] { return *out; };
  return prepared;
}

Prepared OpenBlasGemm(const Dense& dense, FloatTensors tensors) {
  auto data = std::make_shared<FloatTensors>(std::move(tensors));
  auto out = std::make_shared<std::vector<float>>(
      static_cast<std::size_t>(dense.batch * dense.out_features));
  Prepared prepared;
  prepared.detail = openblas_get_corename();
  prepared.call = [=] {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, AsInt(dense.batch),
                AsInt(dense.out_features), AsInt(dense.in_features), 1, data->input.data(),
                AsInt(dense.in_features), data->weight.data(), AsInt(dense.in_features), 0,
                out->data(), AsInt(dense.out_features));
  };
  prepared.output = [=] { return *out; };
  return prepared;
}
#endif

/// Nothing to call when this build does not have the peer, or the peer not the operator.
Prepared Prepare([[maybe_unused]] std::string_view peer, const Workload& workload,
                 [[maybe_unused]] FloatTensors tensors) {
  [[maybe_unused]] const auto* conv = std::get_if<Conv2d>(&workload.op);
#ifdef FOOTHOLD_HAVE_ONEDNN
  if (peer == "onednn" && conv == nullptr) {
    return OneDnnGemm(std::get<Dense>(workload.op), std::move(tensors));
  }
  if (conv != nullptr && (peer == "onednn" || peer == "onednn-plain")) {
    return OneDnnConv2d(*conv, std::move(tensors), peer == "onednn");
  }
#endif
#ifdef FOOTHOLD_HAVE_OPENBLAS
  if (peer == "openblas") {
    return conv != nullptr ? OpenBlasConv2d(*conv, std::move(tensors))
                           : OpenBlasGemm(std::get<Dense>(workload.op), std::move(tensors));
  }
#endif
  return {};
}

int Run(int count, char** arguments) {
  if (count < 4) {
    fmt::print(stderr, "usage: cpu_peers PEER WORKLOAD REPEATS [verify]\n");
    return 2;
  }
  const Result<Workload> workload = ParseInlineWorkload(arguments[2]);
  if (!workload.ok()) {
    fmt::print(stderr, "{}\n", workload.status().message());
    return 2;
  }
  const FloatTensors tensors = RandomFloatTensors(*workload, kTensorSeed);
  const Prepared prepared = Prepare(arguments[1], *workload, tensors);
  if (!prepared.call) {
    fmt::print(stderr, "this build has no {} for {}\n", arguments[1], OperatorName(workload->op));
    return kUnavailable;
  }
  const std::vector<double> times = Time(prepared.call, std::atoi(arguments[3]));
  const bool correct = count < 5 || prepared.output() == ReferenceFloatOutput(*workload, tensors);
  fmt::print(stderr, "{}\n", prepared.detail);
  fmt::print("{{\"seconds\": [{:.9g}], \"correct\": {}}}\n", fmt::join(times, ", "), correct);
  return 0;
}

}  // namespace
}  // namespace foothold::studies

int main(int count, char** arguments) { return foothold::studies::Run(count, arguments); }
