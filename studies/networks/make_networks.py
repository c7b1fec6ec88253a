#!/usr/bin/env python3
"""Writes well-known networks as ONNX files with random weights, for measuring what depends on
shapes alone: times on the VTA, and what tuning and compiling take.

Usage: make_networks.py FOLDER [NETWORK...]

Each network is written in QDQ form, so that it compiles without samples. Needs nothing but Python.
"""

import array
import pathlib
import random
import struct
import sys

FLOAT, INT8, INT32 = 1, 3, 6  # TensorProto.DataType
ACTIVATION_EXPONENT = -4
WEIGHT_EXPONENT = -8


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def attribute(name, value):
    if isinstance(value, int):
        return data(5, data(1, name) + number(3, value) + number(20, 2))
    return data(5, data(1, name) + b"".join(number(8, v) for v in value) + number(20, 7))


def value_info(name, shape):
    dims = b"".join(data(1, number(1, size)) for size in shape)
    return data(1, name) + data(2, data(1, number(1, FLOAT) + data(2, dims)))


class Writer:
    """A graph in the making. Values are their names."""

    def __init__(self, name, shape):
        self.name = name
        self.random = random.Random(name)
        self.parts = [data(2, name), data(11, value_info("image", shape))]
        self.count = 0
        self.shapes = {}
        for what, exponent in (("x", ACTIVATION_EXPONENT), ("w", WEIGHT_EXPONENT),
                               ("b", ACTIVATION_EXPONENT + WEIGHT_EXPONENT)):
            self.tensor(f"scale.{what}", [], FLOAT, struct.pack("<f", 2.0**exponent))
        self.tensor("zero8", [], INT8, b"\0")
        self.tensor("zero32", [], INT32, b"\0\0\0\0")
        self.input = self.quantised("image", shape)

    def tensor(self, name, shape, kind, raw):
        dims = b"".join(number(1, size) for size in shape)
        self.parts.append(data(5, dims + number(2, kind) + data(8, name) + data(9, raw)))
        return name

    def node(self, op, inputs, shape=None, **attributes):
        self.count += 1
        output = f"{op.lower()}_{self.count}"
        self.parts.append(data(1, b"".join(data(1, i) for i in inputs) + data(2, output)
                               + data(3, output) + data(4, op)
                               + b"".join(attribute(k, v) for k, v in attributes.items())))
        self.shapes[output] = shape
        return output

    def quantised(self, x, shape):
        q = self.node("QuantizeLinear", [x, "scale.x", "zero8"], shape)
        return self.node("DequantizeLinear", [q, "scale.x", "zero8"], shape)

    def weight(self, shape):
        size = 1
        for one in shape:
            size *= one
        # Small ones, so that no sum needs more than 32 bits.
        raw = self.random.randbytes(size).translate(bytes((i % 15 - 7) & 0xFF for i in range(256)))
        name = self.tensor(f"w{self.count}", shape, INT8, raw)
        return self.node("DequantizeLinear", [name, "scale.w", "zero8"])

    def bias(self, size):
        values = array.array("i", (self.random.randrange(-999, 999) for _ in range(size)))
        name = self.tensor(f"b{self.count}", [size], INT32, values.tobytes())
        return self.node("DequantizeLinear", [name, "scale.b", "zero32"])

    def conv(self, x, channels, kernel, stride=1, group=1, relu=True):
        _, inputs, height, width = self.shapes[x]
        pad = kernel // 2
        shape = [1, channels, (height + 2 * pad - kernel) // stride + 1,
                 (width + 2 * pad - kernel) // stride + 1]
        weight = self.weight([channels, inputs // group, kernel, kernel])
        y = self.node("Conv", [x, weight, self.bias(channels)], shape,
                      kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[pad] * 4,
                      group=group)
        if relu:
            y = self.node("Relu", [y], shape)
        return self.quantised(y, shape)

    def add(self, x, y):
        shape = self.shapes[x]
        return self.quantised(self.node("Relu", [self.node("Add", [x, y], shape)], shape), shape)

    def max_pool(self, x, kernel, stride, pad=0):
        batch, channels, height, width = self.shapes[x]
        shape = [batch, channels, (height + 2 * pad - kernel) // stride + 1,
                 (width + 2 * pad - kernel) // stride + 1]
        return self.node("MaxPool", [x], shape, kernel_shape=[kernel, kernel],
                         strides=[stride, stride], pads=[pad] * 4)

    def average(self, x):
        shape = self.shapes[x][:2] + [1, 1]
        return self.quantised(self.node("GlobalAveragePool", [x], shape), shape)

    def flatten(self, x):
        batch, channels, height, width = self.shapes[x]
        return self.node("Flatten", [x], [batch, channels * height * width])

    def dense(self, x, features, relu=False):
        shape = [1, features]
        weight = self.weight([features, self.shapes[x][1]])
        y = self.node("Gemm", [x, weight, self.bias(features)], shape, transB=1)
        if relu:
            y = self.node("Relu", [y], shape)
        return self.quantised(y, shape)

    def save(self, path, output):
        self.parts.append(data(12, value_info(output, self.shapes[output])))
        opset = data(8, data(1, "") + number(2, 13))
        path.write_bytes(number(1, 8) + opset + data(7, b"".join(self.parts)))


def resnet_stem(net):
    return net.max_pool(net.conv(net.input, 64, 7, 2), 3, 2, 1)


def basic_resnet(net, blocks):
    x = resnet_stem(net)
    for stage, count in enumerate(blocks):
        for block in range(count):
            channels, stride = 64 << stage, 2 if stage > 0 and block == 0 else 1
            y = net.conv(net.conv(x, channels, 3, stride), channels, 3, relu=False)
            x = net.add(y, x if stride == 1 else net.conv(x, channels, 1, stride, relu=False))
    return net.dense(net.flatten(net.average(x)), 1000)


def bottleneck_resnet(net, blocks):
    x = resnet_stem(net)
    for stage, count in enumerate(blocks):
        for block in range(count):
            channels, stride = 64 << stage, 2 if stage > 0 and block == 0 else 1
            y = net.conv(net.conv(x, channels, 1), channels, 3, stride)
            y = net.conv(y, 4 * channels, 1, relu=False)
            x = net.add(y, x if block > 0 else net.conv(x, 4 * channels, 1, stride, relu=False))
    return net.dense(net.flatten(net.average(x)), 1000)


def mobilenet_v1(net):
    x = net.conv(net.input, 32, 3, 2)
    for channels, stride in ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
                             *[(512, 1)] * 5, (1024, 2), (1024, 1)):
        x = net.conv(x, net.shapes[x][1], 3, stride, group=net.shapes[x][1])
        x = net.conv(x, channels, 1)
    return net.dense(net.flatten(net.average(x)), 1000)


def vgg16(net):
    x = net.input
    for channels, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            x = net.conv(x, channels, 3)
        x = net.max_pool(x, 2, 2)
    x = net.flatten(x)
    for _ in range(2):
        x = net.dense(x, 4096, relu=True)
    return net.dense(x, 1000)


NETWORKS = {
    "resnet18": lambda net: basic_resnet(net, (2, 2, 2, 2)),
    "resnet34": lambda net: basic_resnet(net, (3, 4, 6, 3)),
    "resnet50": lambda net: bottleneck_resnet(net, (3, 4, 6, 3)),
    "mobilenet_v1": mobilenet_v1,
    "vgg16": vgg16,
}


def main():
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(NETWORKS):
        sys.exit(f"usage: make_networks.py FOLDER [NETWORK...]; networks: {', '.join(NETWORKS)}")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or NETWORKS:
        net = Writer(name, [1, 3, 224, 224])
        net.save(folder / f"{name}.onnx", NETWORKS[name](net))


if __name__ == "__main__":
    main()
