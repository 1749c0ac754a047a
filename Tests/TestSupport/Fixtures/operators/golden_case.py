# A case of golden values: a network with its parameters and inputs, before its output is known.
import itertools
import zlib

import numpy as np

# The tolerance of operators that only move or choose values.
EXACT = 0
# Channels that leave the last block of 8 partly filled, but for one.
TAILS = [1, 3, 5, 8, 13, 17]
# Height and width: maps of one pixel, one row, one column.
SIZES = [(1, 1), (1, 5), (7, 3), (2, 2), (3, 4), (3, 1), (2, 3)]


def maps(seed, count):
    """Shapes of feature maps: every tail and every size in turn, from a random one on."""
    random = np.random.default_rng(seed)
    tails = itertools.cycle(random.permutation(TAILS).tolist())
    sizes = itertools.cycle(random.permutation(SIZES).tolist())
    return [(next(tails), *next(sizes)) for _ in range(count)]


class Case:
    """A network in the nodes of model.json; its output is that of the last node."""

    count = {}

    def __init__(self, topic, *shape, low=-2, high=2, tolerance=None):
        number = Case.count[topic] = Case.count.get(topic, 0) + 1
        self.name = f"{topic}-{number}"
        self.shape = list(shape)
        self.tolerance = tolerance
        self.images = 1 + number % 3
        # A seed of its own, so that a new case leaves the values of the others as they are.
        self.random = np.random.default_rng(zlib.crc32(self.name.encode()))
        self.inputs = self.values(self.images, *shape, low=low, high=high)
        self.nodes, self.parameters = [], {}

    def values(self, *shape, low=-1, high=1):
        """Random halves, which the engine and ONNX Runtime hold exactly."""
        return np.asarray(self.random.uniform(low, high, shape), dtype=np.float16)

    def parameter(self, *shape, low=-1, high=1):
        name = f"p{len(self.parameters)}"
        self.parameters[name] = self.values(*shape, low=low, high=high)
        return name

    def add(self, op, inputs=None, **attributes):
        """Adds a node that reads `inputs`, by default the last node, and returns its name."""
        name = f"n{len(self.nodes)}"
        if inputs is None:
            inputs = [self.nodes[-1]["name"] if self.nodes else "input"]
        self.nodes.append({"name": name, "op": op, "inputs": inputs, **attributes})
        return name

    def then(self, op, inputs=None, **attributes):
        """The same, but returns the case."""
        self.add(op, inputs, **attributes)
        return self

    def constant(self, *shape, low=-1, high=1):
        value = self.parameter(*shape, low=low, high=high)
        return self.add("Constant", [], value=value, shape=list(shape))

    def conv(self, channels, filters, kernel, inputs=None, bias=True, **attributes):
        weight = self.parameter(filters, channels // attributes.get("group", 1), *kernel)
        if bias:
            attributes["bias"] = self.parameter(filters)
        return self.add("Conv", inputs, output_channels=filters, kernel_shape=list(kernel),
                        weight=weight, **attributes)

    def gemm(self, features, outputs, inputs=None, bias=True):
        weight = self.parameter(outputs, features)
        attributes = {"bias": self.parameter(outputs)} if bias else {}
        return self.add("Gemm", inputs, output_features=outputs, weight=weight, **attributes)

    def batch_norm(self, channels, inputs=None):
        return self.add(
            "BatchNormalization", inputs, epsilon=1e-3, scale=self.parameter(channels),
            bias=self.parameter(channels), mean=self.parameter(channels),
            var=self.parameter(channels, low=0.1, high=2))

    def description(self):
        tolerance = {} if self.tolerance is None else {"tolerance": self.tolerance}
        return {"name": self.name, "input": self.shape, **tolerance, "nodes": self.nodes}
