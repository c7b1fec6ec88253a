#!/usr/bin/env python3
"""Writes stripes.onnx and stripes.npy: a network that says in which of eight directions an image's stripes run, and
images. The weights are a formula, not trained. Needs Python alone; the files beside this script are what it writes."""
import math
import struct

DIRECTIONS, SIZE, KERNEL = 8, 24, 7


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, payload):
    """A field of a protocol buffer: a number, a text, or a message that is encoded already."""
    if isinstance(payload, int):
        return varint(number << 3) + varint(payload)
    if isinstance(payload, str):
        payload = payload.encode()
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def tensor(name, shape, values):
    data = struct.pack(f"<{len(values)}f", *values)
    return field(5, b"".join(field(1, size) for size in shape) + field(2, 1) + field(8, name) + field(9, data))


def attribute(name, value):
    if isinstance(value, int):
        return field(5, field(1, name) + field(3, value) + field(20, 2))
    return field(5, field(1, name) + b"".join(field(8, one) for one in value) + field(20, 7))


def node(op, inputs, output, **attributes):
    body = b"".join(field(1, name) for name in inputs) + field(2, output) + field(3, output) + field(4, op)
    return field(1, body + b"".join(attribute(name, value) for name, value in attributes.items()))


def value(number, name, shape):
    sizes = b"".join(field(1, field(1, size)) for size in shape)
    return field(number, field(1, name) + field(2, field(1, field(1, 1) + field(2, sizes))))


def wave(direction, phase, x, y):
    angle = math.pi * direction / DIRECTIONS
    return math.cos(2 * math.pi / 6 * (x * math.cos(angle) + y * math.sin(angle)) + phase)


def detectors():
    """Two for each direction, a quarter of a wave apart."""
    middle = KERNEL // 2
    return [wave(direction, phase, x - middle, y - middle) / 12
            for direction in range(DIRECTIONS) for phase in (0, math.pi / 2)
            for y in range(KERNEL) for x in range(KERNEL)]


def neighbourhoods():
    """Channel d adds up what the detectors of direction d found around a position."""
    return [(0.1 if channel // 2 == direction else -0.01)
            for direction in range(DIRECTIONS) for channel in range(2 * DIRECTIONS) for _ in range(9)]


def network():
    graph = node("Conv", ["image", "detectors"], "found", kernel_shape=[KERNEL, KERNEL], pads=[3, 3, 3, 3])
    graph += node("Relu", ["found"], "present")
    graph += node("MaxPool", ["present"], "pooled", kernel_shape=[2, 2], strides=[2, 2])
    graph += node("Conv", ["pooled", "neighbourhoods", "threshold"], "around", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    graph += node("Relu", ["around"], "directions")
    graph += node("GlobalAveragePool", ["directions"], "mean")
    graph += node("Flatten", ["mean"], "flat")
    graph += node("Gemm", ["flat", "mixing"], "scores", transB=1)
    graph += field(2, "stripes")
    graph += tensor("detectors", [2 * DIRECTIONS, 1, KERNEL, KERNEL], detectors())
    graph += tensor("neighbourhoods", [DIRECTIONS, 2 * DIRECTIONS, 3, 3], neighbourhoods())
    graph += tensor("threshold", [DIRECTIONS], [-0.1] * DIRECTIONS)
    mixing = [1.0 if row == column else -0.1 for row in range(DIRECTIONS) for column in range(DIRECTIONS)]
    graph += tensor("mixing", [DIRECTIONS, DIRECTIONS], mixing)
    graph += value(11, "image", [1, 1, SIZE, SIZE]) + value(12, "scores", [1, DIRECTIONS])
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 17))


def images():
    """Sixteen, of direction 0, 1, ... 7, 0, ...; with the same noise each time."""
    state, pixels = 1, []
    for image in range(16):
        for y in range(SIZE):
            for x in range(SIZE):
                state = (1103515245 * state + 12345) % 2**31
                pixels.append(wave(image % DIRECTIONS, image, x, y) + 1.5 * (state / 2**31 - 0.5))
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': (16, 1, {SIZE}, {SIZE}), }}"
    header += " " * (117 - len(header)) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(pixels)}f", *pixels)


def main():
    with open("stripes.onnx", "wb") as file:
        file.write(network())
    with open("stripes.npy", "wb") as file:
        file.write(images())


if __name__ == "__main__":
    main()
