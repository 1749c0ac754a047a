# Cases of functions of values, arithmetic, and what is computed along axes.
import itertools

import numpy as np

from .golden_case import Case, EXACT, maps


def activations():
    kinds = [
        ("Relu", {}), ("LeakyRelu", {}), ("LeakyRelu", {"alpha": 0.2}),
        ("Clip", {"min": 0, "max": 6}), ("Clip", {"min": 0.25}), ("Clip", {"max": -0.5}),
        ("Sigmoid", {}), ("HardSigmoid", {}), ("HardSigmoid", {"alpha": 0.3, "beta": 0.4}),
        ("HardSwish", {}), ("Silu", {}), ("Gelu", {}), ("Gelu", {"approximate": "tanh"}),
        ("Tanh", {}), ("Erf", {}), ("Exp", {}), ("Sqrt", {})]
    shapes = itertools.cycle([*maps(9, 7), (7, 13), (17,), (2, 3, 2, 5), (5, 1)])
    for kind, attributes in kinds:
        low, high = (0, 9) if kind == "Sqrt" else (-3, 3) if kind == "Exp" else (-8, 8)
        exact = EXACT if kind in ("Relu", "LeakyRelu", "Clip") else None
        for shape in itertools.islice(shapes, 2):
            case = Case(kind.lower(), *shape, low=low, high=high, tolerance=exact)
            yield case.then(kind, **attributes)
    for shape, slope in [((13, 4, 3), (13, 1, 1)), ((5, 2, 2), (1,)), ((3, 1, 5), (5,)),
                         ((8, 2, 3), (8, 2, 3)), ((7, 5), (5,)), ((17,), ()), ((4, 3), (4, 1))]:
        case = Case("prelu", *shape, tolerance=EXACT)
        yield case.then("PRelu", slope=case.parameter(*slope), slope_shape=list(slope))


def arithmetic():
    constants = [
        ((13, 2, 3), (13, 1, 1)), ((5, 1, 1), ()), ((3, 7, 1), (7, 1)), ((7, 13), (13,)),
        ((17,), (3, 17)), ((1, 1, 5), (13, 3, 1)), ((2, 3, 1, 4), (3, 2, 1))]
    for number, kind in enumerate(["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min"]):
        # Quotients and powers are of positive numbers.
        low = 0.25 if kind in ("Div", "Pow") else -2
        for place, (shape, other) in enumerate(constants):
            case = Case(kind.lower(), *shape, low=low)
            operands = ["input", case.constant(*other, low=low, high=2)]
            # Over the operators each pair stands in both orders.
            yield case.then(kind, operands[::-1] if (number + place) % 2 else operands)
        for shape, axes in [((13, 3, 2), [1, 2]), ((6, 9), [0])]:
            case = Case(kind.lower(), *shape, low=low)
            operands = ["input", case.add("ReduceMean", axes=axes)]
            yield case.then(kind, operands[::-1] if number % 2 else operands)
        case = Case(kind.lower(), 5, 3, 4, low=low)
        operands = [case.add("ReduceMean", ["input"], axes=axes) for axes in ([1], [2])]
        yield case.then(kind, operands)
        case = Case(kind.lower(), 13, 2, 2, low=low)
        yield case.then(kind, [case.add("Sigmoid"), "input"])
    case = Case("pow-integer", 5, 3, 2)
    exponents = case.constant(5, 1, 1)
    case.parameters["p0"] = np.float16([0, 1, 2, 3, -1]).reshape(5, 1, 1)
    yield case.then("Pow", ["input", exponents])


def softmax():
    for shape, axis in [((13, 3, 2), 0), ((5, 7, 3), 1), ((3, 4, 17), 2), ((7, 13), 1), ((5, 8), 0),
                        ((17,), 0), ((2, 3, 4, 5), 2), ((3, 1, 1), 2)]:
        yield Case("softmax", *shape, low=-8, high=8).then("Softmax", axis=axis)


def reductions():
    for shape, axes, keeps in [
            ((13, 4, 3), [1, 2], 0), ((5, 1, 7), [0], 1), ((3, 5, 4), [1], 0),
            ((8, 2, 3), [0, 2], 1), ((7, 13), [0], 0), ((7, 13), [1], 1), ((17,), [0], 1),
            ((2, 3, 4, 5), [1, 3], 0), ((9,), [0], 0)]:
        yield Case("reduce-mean", *shape).then("ReduceMean", axes=axes, keepdims=keeps)
    case = Case("reduce-mean-scalar", 13)
    yield case.then("Mul", ["input", case.add("ReduceMean", axes=[0], keepdims=0)])
    case = Case("reduce-mean-scalar", 5)
    case.add("ReduceMean", axes=[0], keepdims=0)
    yield case.then("Expand", shape=[2, 3])
    for shape, axis, keeps in [((13, 3, 2), 0, 1), ((5, 7, 3), 1, 0), ((3, 4, 17), 2, 1),
                               ((7, 13), 1, 0), ((5, 8), 0, 0), ((17,), 0, 1)]:
        case = Case("arg-max", *shape, tolerance=EXACT)
        # Few different values, so that the largest stands in several places.
        case.inputs = np.round(case.inputs)
        yield case.then("ArgMax", axis=axis, keepdims=keeps)


def cases():
    for topic in [activations, arithmetic, softmax, reductions]:
        yield from topic()
