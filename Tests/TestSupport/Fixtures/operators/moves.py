# Cases of operators that move values, and of Resize, which may interpolate them.
import itertools

from .golden_case import Case, EXACT


def moves():
    for shape in [(13, 2, 3), (3, 1, 5), (7, 5), (17,), (2, 3, 1, 4)]:
        yield Case("flatten", *shape, tolerance=EXACT).then("Flatten")
    for shape, other in [((13, 2, 3), (13, 6)), ((3, 4, 5), (5, 12)), ((7, 6), (2, 21)),
                         ((17,), (1, 17, 1)), ((6, 4), (2, 3, 2, 2)), ((1, 1, 5), (5,))]:
        yield Case("reshape", *shape, tolerance=EXACT).then("Reshape", shape=list(other))
    for shape, order in [((13, 2, 3), (1, 2, 0)), ((3, 4, 5), (2, 0, 1)), ((7, 13), (1, 0)),
                         ((5, 1, 3), (0, 2, 1)), ((2, 3, 4, 5), (0, 3, 1, 2)), ((17,), (0,))]:
        yield Case("transpose", *shape, tolerance=EXACT).then("Transpose", perm=list(order))
    for shape, other in [((13, 1, 1), (13, 2, 3)), ((1, 1, 5), (3, 4, 5)), ((5, 3), (2, 5, 3)),
                         ((8, 1), (1, 7)), ((17,), (3, 1)), ((3, 2, 2), (1,))]:
        yield Case("expand", *shape, tolerance=EXACT).then("Expand", shape=list(other))
    pads = [
        ((13, 2, 3), (0, 1, 2), (0, 0, 1)), ((5, 7, 3), (2, 1, 0), (1, 0, 2)),
        ((3, 4), (2, 0), (0, 3)), ((17,), (5,), (1,)), ((8, 2, 2), (0, 1, 1), (0, 1, 1))]
    for mode, (shape, before, after) in itertools.product(["constant", "reflect", "edge"], pads):
        value = {"value": 0.5} if mode == "constant" else {"mode": mode}
        yield Case(f"pad-{mode}", *shape, tolerance=EXACT).then(
            "Pad", before=list(before), after=list(after), **value)
    yield Case("pad-constant", 13, 4, 5, tolerance=EXACT).then(
        "Pad", before=[-2, 1, 0], after=[0, -2, -1])
    for shape, groups in [((13, 2, 3), 1), ((6, 1, 5), 2), ((12, 7, 3), 4), ((15, 1, 1), 3)]:
        case = Case("channel-shuffle", *shape, tolerance=EXACT)
        yield case.then("ChannelShuffle", group=groups)


def concatenations():
    for shape, other, axis in [
            ((13, 2, 3), (3, 2, 3), 0), ((8, 1, 5), (5, 1, 5), 0), ((3, 4, 5), (3, 1, 5), 1),
            ((5, 2, 3), (5, 2, 1), 2), ((7, 13), (1, 13), 0), ((7, 5), (7, 3), 1),
            ((17,), (4,), 0)]:
        case = Case("concat", *shape, tolerance=EXACT)
        constant = case.constant(*other)
        relu = case.add("Relu", ["input"])
        yield case.then("Concat", [constant, "input", relu], axis=axis)
    # Constants that other operators than arithmetic and Concat read: a class token.
    case = Case("constant", 5, 13)
    case.add("Concat", [case.constant(1, 13), "input"], axis=0)
    case.add("Add", [case.nodes[-1]["name"], case.constant(6, 13)])
    yield case
    case = Case("constant", 8)
    case.gemm(8, 3, [case.constant(2, 8)])
    case.add("Add", [case.nodes[-1]["name"], case.gemm(8, 3, ["input"])])
    yield case


def selections():
    for shape, starts, counts, steps in [
            ((13, 4, 5), (3, 0, 1), (8, 4, 2), None),
            ((5, 7, 3), (0, 6, 2), (5, 4, 3), (1, -2, -1)),
            ((17,), (16,), (17,), (-1,)), ((7, 13), (1, 12), (3, 5), (2, -3)),
            ((8, 1, 5), (7, 0, 0), (4, 1, 3), (-2, 1, 2)),
            ((3, 2, 3, 4), (0, 1, 0, 3), (2, 1, 3, 4), (2, 1, 1, -1))]:
        case = Case("slice", *shape, tolerance=EXACT)
        steps = {} if steps is None else {"steps": list(steps)}
        yield case.then("Slice", starts=list(starts), counts=list(counts), **steps)
    for shape, axis, indices, extents in [
            ((13, 2, 3), 0, [12, 0, 7, 7], [4]), ((5, 7, 3), 1, [6], []),
            ((3, 4, 5), 2, [4, 0], [2, 1]), ((7, 13), 0, [0], []),
            ((7, 13), 1, [3, 3, 1, 12, 0, 5], [2, 3]), ((17,), 0, [16, 2], [2])]:
        case = Case("gather", *shape, tolerance=EXACT)
        yield case.then("Gather", axis=axis, indices=indices, indices_shape=extents)


def resize(topic, shape, size, coordinates, rounding=None, scales=None):
    case = Case(topic, *shape, tolerance=EXACT if rounding else None)
    attributes = {"scales": scales} if scales else {}
    if rounding:
        attributes["nearest_mode"] = rounding
    return case.then(
        "Resize", mode="nearest" if rounding else "linear", sizes=list(size),
        coordinate_transformation_mode=coordinates, **attributes)


def resizes():
    modes = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"]
    roundings = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]
    sizes = [((3, 4, 3), (7, 5)), ((5, 5, 3), (2, 4)), ((1, 2, 3), (1, 6))]
    for mode, (shape, size) in itertools.product(modes, sizes):
        for rounding in roundings:
            yield resize("resize-nearest", shape, size, mode, rounding)
        yield resize("resize-linear", shape, size, mode)
    # Places that lie on a pixel or just between two, although no float is the ratio of the sizes.
    for mode, rounding, extent, size in [
            ("align_corners", "floor", 7, 29), ("align_corners", "ceil", 7, 61),
            ("align_corners", "round_prefer_ceil", 7, 29), ("half_pixel", "floor", 7, 9),
            ("half_pixel", "ceil", 7, 17), ("asymmetric", "round_prefer_ceil", 7, 18),
            ("asymmetric", "round_prefer_floor", 7, 34)]:
        yield resize("resize-ratio", (1, 1, extent), (1, size), mode, rounding)
    # Scales that are not the ratio of the sizes.
    for mode in ["half_pixel", "pytorch_half_pixel", "asymmetric"]:
        yield resize("resize-scales", (3, 5, 3), (7, 6), mode, "round_prefer_floor", [1.5, 2.25])
        yield resize("resize-scales", (3, 5, 3), (4, 6), mode, None, [0.8125, 2.25])


def cases():
    for topic in [concatenations, selections, moves, resizes]:
        yield from topic()
