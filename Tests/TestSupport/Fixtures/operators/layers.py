# Cases of convolutions, products, normalisations and pools.
import itertools

import numpy as np

from .golden_case import Case, EXACT, TAILS, maps


def windows(random, shape, largest, smallest=1):
    """A kernel, strides and dilations at random, and pads with which a window fits the map."""
    kernel = random.integers(smallest, largest[0] + 1, 2).tolist()
    strides, dilations = (random.integers(1, most + 1, 2).tolist() for most in largest[1:])
    pads = [int(random.integers(0, extent)) for extent in kernel * 2]
    for axis in (0, 1):
        window = (kernel[axis] - 1) * dilations[axis] + 1
        pads[axis + 2] += max(0, window - shape[axis + 1] - pads[axis] - pads[axis + 2])
    return kernel, {"strides": strides, "pads": pads, "dilations": dilations}


def convolutions():
    random = np.random.default_rng(1)
    for shape in maps(1, 10):
        kernel, attributes = windows(random, shape, (3, 3, 2))
        case = Case("conv", *shape)
        case.conv(shape[0], int(random.choice(TAILS)), kernel, bias=bool(random.integers(2)),
                  **attributes)
        yield case
    for (_, *size), group in zip(maps(2, 6), itertools.cycle([2, 3])):
        channels, filters = (group * int(random.choice([1, 3, 4, 5])) for _ in range(2))
        kernel, attributes = windows(random, (channels, *size), (3, 2, 2))
        case = Case("conv-grouped", channels, *size)
        case.conv(channels, filters, kernel, group=group, **attributes)
        yield case
    for (channels, *size), multiplier in zip(maps(3, 6), itertools.cycle([1, 1, 2])):
        kernel, attributes = windows(random, (channels, *size), (3, 2, 2))
        case = Case("conv-depthwise", channels, *size)
        case.conv(channels, channels * multiplier, kernel, group=channels, **attributes)
        yield case


def fused_convolutions():
    """What the compiler joins with a convolution, alone and in a row."""
    same = {"pads": [1, 1, 1, 1]}
    for channels, height, width in maps(4, 3):
        case = Case("conv-norm-relu", channels, height, width)
        case.conv(channels, 9, (3, 3), bias=False, **same)
        case.batch_norm(9)
        yield case.then("Relu")
    for channels, height, width in maps(5, 3):
        case = Case("conv-add-clip", channels, height, width)
        case.conv(channels, channels, (3, 3), **same)
        case.add("Add", [case.nodes[-1]["name"], "input"])
        yield case.then("Clip", min=-0.5, max=1.5)
    for channels, height, width in maps(6, 3):
        case = Case("conv-conv", channels, height, width)
        case.conv(channels, 5, (1, 2), pads=[1, 0, 0, 1])
        # Not zero at zero: what stands around the map must not see it.
        case.add("Sigmoid")
        case.conv(5, 3, (3, 3), **same)
        yield case.then("Gelu")


def products():
    for features, outputs, bias in [(1, 1, True), (13, 17, True), (40, 8, False), (8, 3, True)]:
        case = Case("gemm-vector", features)
        case.gemm(features, outputs, bias=bias)
        yield case
    for tokens, features, outputs in [(1, 5, 13), (7, 17, 3), (5, 8, 16), (3, 1, 9)]:
        case = Case("gemm-tokens", tokens, features)
        case.gemm(features, outputs, bias=outputs != 3)
        yield case
    for shape in [(13, 2, 3), (3, 1, 5), (2, 3, 2, 5)]:
        case = Case("gemm-last-axis", *shape)
        case.gemm(shape[-1], 11)
        yield case
    for channels, height, width in [(13, 3, 2), (3, 1, 5), (17, 1, 1)]:
        case = Case("gemm-flattened", channels, height, width)
        case.conv(channels, channels, (1, 1))
        case.add("Flatten")
        case.gemm(channels * height * width, 5)
        yield case.then("Relu")
    for shape, right in [
            ((5, 13), (13, 3)), ((3, 1, 5), (5, 17)), ((4, 3, 5), (4, 5, 9)),
            ((1, 3, 5), (4, 5, 2)), ((2, 3, 4, 5), (3, 5, 1)), ((7, 3), (2, 3, 13)),
            ((2, 1, 3, 8), (1, 3, 8, 5))]:
        case = Case("matmul", *shape)
        yield case.then("MatMul", ["input", case.constant(*right)])
    for shape, left in [((13, 3), (5, 13)), ((5, 2, 7), (3, 2)), ((3, 8), (2, 4, 3))]:
        case = Case("matmul-constant-first", *shape)
        yield case.then("MatMul", [case.constant(*left), "input"])
    for shape in [(5, 3), (2, 9, 4), (3, 1, 1)]:
        case = Case("matmul-gram", *shape)
        axes = list(range(len(shape)))
        transposed = case.add("Transpose", perm=axes[:-2] + axes[:-3:-1])
        yield case.then("MatMul", ["input", transposed])


def attention():
    for tokens, heads, depth in [(1, 1, 3), (7, 3, 5), (5, 2, 8), (9, 1, 17), (3, 4, 1)]:
        case = Case("attention-self", tokens, heads * depth)
        queries, keys, values = (
            case.gemm(heads * depth, heads * depth, ["input"]) for _ in range(3))
        yield case.then("MultiHeadAttention", [queries, keys, values], num_heads=heads,
                        scale=round(depth ** -0.5, 4))
    for tokens, sources, heads, depth, width in [
            (5, 3, 2, 5, 3), (4, 1, 1, 8, 8), (1, 11, 3, 8, 4), (6, 17, 2, 3, 8)]:
        case = Case("attention-cross", tokens, heads * depth)
        keys, values = case.constant(sources, heads * depth), case.constant(sources, heads * width)
        yield case.then("MultiHeadAttention", ["input", keys, values], num_heads=heads, scale=0.5)


def normalizations():
    for shape in [*maps(7, 4), (13,), (5, 3), (3, 2, 2, 3)]:
        case = Case("batch-norm", *shape)
        case.batch_norm(shape[0])
        yield case
    for shape in [(13, 2, 3), (5, 1, 5)]:
        case = Case("norm-relu", *shape)
        case.batch_norm(shape[0])
        yield case.then("Relu")
    for shape, axis in [((7, 13), 1), ((5, 8), 1), ((3, 1), 1), ((17,), 0), ((13, 3, 2), 0),
                        ((5, 3, 4), 1), ((3, 4, 9), 2), ((2, 3, 2, 5), 2), ((5, 4), 0)]:
        case = Case("layer-norm", *shape)
        axes = shape[axis:]
        bias = {} if axis == 2 else {"bias": case.parameter(*axes)}
        yield case.then("LayerNormalization", axis=axis, epsilon=1e-5,
                        scale=case.parameter(*axes), **bias)
    for shape, groups in [((6, 4, 3), 2), ((9, 1, 5), 3), ((13, 2, 2), 1), ((10, 7, 3), 5),
                          ((12, 5), 4), ((8, 3, 1), 4)]:
        yield group_norm("group-norm", shape, groups)
    for shape in [(13, 4, 6), (3, 1, 5), (17, 2, 2), (5, 7)]:
        yield group_norm("instance-norm", shape, shape[0])


def group_norm(topic, shape, groups):
    case = Case(topic, *shape)
    return case.then("GroupNormalization", num_groups=groups, epsilon=1e-3,
                     scale=case.parameter(shape[0]), bias=case.parameter(shape[0]))


def pools():
    random = np.random.default_rng(10)
    for number, shape in enumerate(maps(11, 8)):
        kernel, attributes = windows(random, shape, (3, 3, 1), smallest=2)
        attributes["pads"] = [
            min(pad, extent - 1) for pad, extent in zip(attributes["pads"], kernel * 2)]
        # Pads that large do not exist for pools, so the map grows.
        size = [max(extent, most) for extent, most in zip(shape[1:], kernel)]
        if number % 2:
            attributes["ceil_mode"] = 1
        yield from pool_pair((shape[0], *size), kernel, attributes, number % 4 < 2)
    for shape, kernel, attributes, counts in [
            # Last windows that begin behind the map do not count.
            ((5, 5, 6), [2, 2], {"strides": [3, 3], "pads": [0, 0, 1, 1], "ceil_mode": 1}, True),
            # Those that only end behind the padded map do.
            ((3, 6, 4), [3, 3], {"strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1}, True),
            ((13, 6, 5), [3, 2], {"strides": [2, 2], "pads": [1, 0, 0, 1], "ceil_mode": 1}, False),
            ((1, 7, 6), [2, 3], {"strides": [2, 1], "pads": [1, 1, 0, 1], "dilations": [3, 2]},
             True),
            ((9, 6, 5), [2, 2],
             {"strides": [2, 2], "pads": [1, 0, 1, 1], "dilations": [2, 2], "ceil_mode": 1},
             True)]:
        yield from pool_pair(shape, kernel, attributes, counts)
    for shape in maps(12, 4):
        yield Case("global-average-pool", *shape).then("GlobalAveragePool")


def pool_pair(shape, kernel, attributes, counts_pads):
    yield Case("max-pool", *shape, tolerance=EXACT).then(
        "MaxPool", kernel_shape=kernel, **attributes)
    yield Case("average-pool", *shape).then(
        "AveragePool", kernel_shape=kernel, count_include_pad=int(counts_pads), **attributes)


def cases():
    for topic in [convolutions, fused_convolutions, products, attention, normalizations, pools]:
        yield from topic()
