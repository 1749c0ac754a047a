"""A small ONNX model, node by node."""
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save


class Builder:
    """Nodes are called by their operators; methods yield the names of values."""

    def __init__(self, opset=17, input_shape=("N", 4, 6, 6)):
        self.opset = opset
        self.nodes, self.initializers = [], []
        self.inputs = [helper.make_tensor_value_info("image", TensorProto.FLOAT, input_shape)]
        self.values = np.random.default_rng(7)

    def __getattr__(self, kind):
        """Any operator as a method: `model.Relu(x)`."""
        def add(*inputs, name=None, outputs=1, scope="", **attributes):
            inputs = [value if isinstance(value, str) else self.constant(value) for value in inputs]
            own = f"{scope}/{kind}"
            count = sum(node.name.startswith(own) for node in self.nodes)
            own += f"_{count}" if count else ""
            results = [name] if name else [f"{own}_output_{place}" for place in range(outputs)]
            self.nodes.append(helper.make_node(kind, inputs, results, name=own, **attributes))
            return results[0] if outputs == 1 else results
        return add

    def constant(self, value):
        """A number or integers, as a node of its own."""
        array = np.asarray(value)
        array = array.astype(np.int64 if array.dtype.kind == "i" else np.float32)
        return self.Constant(value=numpy_helper.from_array(array))

    def weight(self, name, *shape):
        """A trained tensor of halves, which every type holds."""
        return self.tensor(name, self.values.uniform(-1, 1, shape).astype(np.float16).astype(np.float32))

    def tensor(self, name, array):
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def conv(self, x, name, filters, channels, kernel=1, **attributes):
        weight = self.weight(f"{name}.weight", filters, channels, kernel, kernel)
        return self.Conv(x, weight, self.weight(f"{name}.bias", filters), scope=f"/{name}", **attributes)

    def linear(self, x, name, features, inputs):
        """As PyTorch exports it: the weight transposed and without a name."""
        weight = self.weight(f"onnx::MatMul_{len(self.nodes)}", inputs, features)
        product = self.MatMul(x, weight, scope=f"/{name}")
        return self.Add(self.weight(f"{name}.bias", features), product, scope=f"/{name}")

    def model(self, *outputs):
        graph = helper.make_graph(
            self.nodes, "fixture", self.inputs,
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None) for output in outputs], self.initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8)

    def save(self, name, *outputs):
        save(self.model(*outputs), f"onnx/{name}.onnx")
