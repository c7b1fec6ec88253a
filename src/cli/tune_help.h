#pragma once

namespace foothold::cli {

/// What `foothold tune --help` says below the options.
inline constexpr const char* kTuneFooter =
    R"(WORKLOAD is a network (resnet18), a layer (resnet18.C8), an ONNX file (net.onnx) or a layer of it (net.onnx:C3; see
foothold network), a workload file (layers.json) or a shape:
  conv2d:BATCHxCHANNELSxHEIGHTxWIDTH,OUT_CHANNELS,KHxKW[,pad=N][,stride=N]
    [,groups=N][,bias]
  conv2d_transpose:BATCHxCHANNELSxHEIGHTxWIDTH,OUT_CHANNELS,KHxKW[,pad=N]...
  dense:BATCHxIN_FEATURES,OUT_FEATURES[,bias]
  kernel:NAME, for what command:, opencl: and replay: targets run

The same command resumes a run: the log knows it by its target, workload, searcher, seed and options. When the sources,
tools or device that results depend on have changed, the command says which and starts a new run in the same log.
--fresh starts a new run in any case.

Ctrl-C saves everything and stops the running candidate, which the same command tries again. A second Ctrl-C, more than
two seconds later, ends the command at once.

Example: the ten convolutions of ResNet-18, 300 trials each
  foothold tune resnet18 --target vta:pynq --trials 300 --log resnet18.jsonl

Example: the same, with charts at http://127.0.0.1:8470/ that follow it
  foothold tune resnet18 --target vta:pynq --trials 300 \
    --log resnet18.jsonl --serve

The layers of an ONNX file share the budgets: each batch of trials goes to the layer from which the network is expected
to gain most. Then foothold compile takes the schedules from the log.

Example: a network, at most 300 trials in all, and the network with the schedules found
  foothold tune mnist_cnn.onnx --target vta:pynq --trials 300 --log mnist.jsonl
  foothold compile mnist_cnn.onnx --target vta:pynq --log mnist.jsonl -o out

Example: an edited kernel, learning from the runs of the kernel as it was
  foothold tune dense:1x256,128 --target opencl:dense.json \
    --log dense.jsonl --warm-start dense.jsonl

Example: on the boards of a fleet, each of which runs foothold worker redis://farm --device vta:pynq
  foothold tune resnet18 --target vta:pynq --log resnet18.jsonl --fleet redis://farm

Example: another network, learning from that log first
  foothold tune deepbench --target vta:pynq \
    --log deepbench.jsonl --warm-start resnet18.jsonl)";

}  // namespace foothold::cli
