# Makes the folder onnx-reading: small models in the spellings that exporters have for what used to be refused or read as
# something else, and reading.json, what ONNX Runtime makes of two inputs each: python3 make-onnx-reading.py
# (numpy, onnx 1.17, onnxruntime)
import json
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto as T, checker, helper, numpy_helper

folder = pathlib.Path("onnx-reading")
folder.mkdir(exist_ok=True)
expected = {}


class Net:
    """A model under construction; methods named like operators add nodes and yield the names of values."""

    def __init__(self, shape=("N", 3, 6, 6), opset=17, kind=T.FLOAT, name="x"):
        self.random = np.random.default_rng(3)
        self.shape, self.opset, self.kind, self.name = shape, opset, kind, name
        self.nodes, self.constants, self.infos = [], [], []
        self.domains = {}

    def __getattr__(self, kind):
        def add(*inputs, outputs=None, domain="", **attributes):
            inputs = [each if isinstance(each, str) else self.constant(each) for each in inputs]
            outputs = outputs or [f"v{len(self.nodes)}"]
            self.nodes.append(helper.make_node(
                kind, inputs, outputs, f"n{len(self.nodes)}", domain=domain, **attributes))
            return outputs[0]
        return add

    def constant(self, value, name=None):
        array = np.asarray(value)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        name = name or f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def weight(self, *shape, name=None):
        return self.constant(self.random.normal(size=shape).astype(np.float32) / 2, name)

    def conv(self, x, filters=4, channels=3, kernel=3, name="conv", **attributes):
        return self.Conv(
            x, self.weight(filters, channels, kernel, kernel, name=f"{name}.weight"),
            self.weight(filters, name=f"{name}.bias"), pads=[kernel // 2] * 4, **attributes)

    def head(self, x, features=4, classes=5):
        x = self.Flatten(self.GlobalAveragePool(x))
        return self.linear(x, features, classes)

    def linear(self, x, features, classes=5, name="fc", output="logits"):
        return self.Gemm(
            x, self.weight(classes, features, name=f"{name}.weight"), self.weight(classes, name=f"{name}.bias"),
            transB=1, outputs=[output])

    def save(self, name, *outputs, used=None, count=2, tolerance=1e-4):
        """Outputs beyond the first are others that the model has; `used` is the one that is compared."""
        outputs = outputs or ("logits",)
        kinds = {"bool": T.BOOL}
        infos = [helper.make_tensor_value_info(each, kinds.get(each, T.FLOAT), None) for each in outputs]
        graph = helper.make_graph(
            self.nodes, "reading", [helper.make_tensor_value_info(self.name, self.kind, self.shape)], infos,
            self.constants, value_info=self.infos)
        domains = [helper.make_opsetid("", self.opset)] + [helper.make_opsetid(d, 1) for d in self.domains]
        model = helper.make_model(graph, opset_imports=domains, ir_version=8 if self.opset < 21 else 10)
        extents = [count] + [each for each in self.shape[1:]]
        # As ONNXReadingTests makes them.
        total = int(np.prod(extents))
        x = np.arange(total) * 37 % total
        x = x % 100 if self.kind != T.FLOAT else x / total * 4 - 2
        x = x.reshape(extents).astype(helper.tensor_dtype_to_np_dtype(self.kind))
        content = model.SerializeToString()
        if tolerance is None:
            (folder / f"{name}.onnx").write_bytes(content)
            return
        # As the operators are defined: its optimiser rounds what quantised products read.
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        if isinstance(self.shape[0], int):
            y = np.concatenate([session.run([used or outputs[0]], {self.name: row[None]})[0] for row in x])
        else:
            y = session.run([used or outputs[0]], {self.name: x})[0]
        (folder / f"{name}.onnx").write_bytes(content)
        expected[name] = {
            "extents": list(x.shape), "areIntegers": x.dtype != np.float32,
            "output": [float(f"{each:.7g}") for each in y.astype(float).ravel()], "tolerance": tolerance}


def graph(nodes, inputs, outputs, constants=()):
    return helper.make_graph(
        nodes, "inner", [], [helper.make_tensor_value_info(each, T.FLOAT, None) for each in outputs],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants])


# Numbers of one element and of every rank, before and behind what they are combined with.
for rank in range(5):
    net = Net()
    x = net.conv("x")
    number = net.constant(np.full([1] * rank, 1.5, np.float32), f"scale{rank}")
    x = net.Relu(net.Sub(number, net.Mul(x, number)))
    net.head(net.Div(x, net.constant(np.full([1] * rank, 0.7, np.float32), "half")))
    net.save(f"number-of-rank-{rank}")

# No parameters at all.
net = Net(("N", 3, 4, 4))
net.Flatten(net.MaxPool("x", kernel_shape=[2, 2], strides=[2, 2]), outputs=["logits"])
net.save("no-parameters")

# Several outputs: the one called logits, whatever its place.
net = Net()
x = net.Relu(net.conv("x"))
net.GlobalAveragePool(x, outputs=["features"])
net.Flatten("features", outputs=["embedding"])
net.linear("embedding", 4)
net.save("several-outputs", "embedding", "logits", used="logits")

# Inputs of integers, which the network scales itself.
for kind, name in [(T.UINT8, "uint8"), (T.INT32, "int32"), (T.INT64, "int64"), (T.UINT16, "uint16")]:
    net = Net(kind=kind)
    x = net.Div(net.Cast("x", to=T.FLOAT), np.float32(255))
    net.head(net.Relu(net.conv(x)))
    net.save(f"input-{name}")

# Channels last: behind a transpose, behind arithmetic, without batch, read without convolution.
net = Net(("N", 6, 7, 3))
net.head(net.Relu(net.conv(net.Transpose("x", perm=[0, 3, 1, 2]))))
net.save("channels-last")
net = Net(("N", 6, 7, 3))
x = net.Sub(net.Mul("x", np.float32(2)), np.asarray([0.1, 0.2, 0.3], np.float32))
net.head(net.Relu(net.conv(net.Transpose(x, perm=[0, 3, 1, 2]))))
net.save("channels-last-scaled")
net = Net(("N", 4, 5, 3))
x = net.ReduceMean(net.MatMul("x", net.weight(3, 4)), axes=[1, 2], keepdims=0)
net.linear(x, 4)
net.save("channels-last-pixels")
net = Net(("N", 5, 6, 3), kind=T.UINT8)
x = net.Transpose(net.Cast("x", to=T.FLOAT), perm=[0, 3, 1, 2])
net.head(net.Relu(net.conv(net.Mul(x, np.float32(1 / 127.5)))))
net.save("channels-last-uint8")
net = Net((1, 6, 6, 3))
net.head(net.Relu(net.conv(net.Transpose("x", perm=[0, 3, 1, 2]))))
net.save("channels-last-one")

# Squeeze without axes; with a batch that is fixed it takes that away, too.
net = Net()
net.linear(net.Squeeze(net.GlobalAveragePool(net.conv("x"))), 4)
net.save("squeeze-all")
net = Net((1, 3, 6, 6))
x = net.Squeeze(net.GlobalAveragePool(net.conv("x")))
net.linear(net.Unsqueeze(x, np.asarray([0])), 4)
net.save("squeeze-all-one")

# Dropout: its mask is read; training mode with a ratio of nothing.
net = Net(opset=13)
net.Dropout(net.conv("x"), outputs=["kept", "mask"])
net.head(net.Mul("kept", net.Cast("mask", to=T.FLOAT)))
net.save("dropout-mask")
net = Net(opset=13)
net.head(net.Dropout(net.conv("x"), np.float32(0), np.asarray(True)))
net.save("dropout-nothing")

# Branches: with captured values, nested, with constants of their own under names that are used outside, several outputs.
net = Net()
x = net.Relu(net.conv("x"))
yes = graph([helper.make_node("Neg", [x], ["t"], "neg")], [], ["t"])
no = graph([helper.make_node("Identity", [x], ["e"], "same")], [], ["e"])
net.head(net.If(np.asarray(False), then_branch=yes, else_branch=no))
net.save("branch-else")
net = Net()
x = net.Relu(net.conv("x"))
inner = graph([helper.make_node("Add", [x, "own"], ["u"], "inner_add")], [], ["u"],
              [("own", np.float32(0.25))])
other = graph([helper.make_node("Neg", [x], ["w"], "inner_neg")], [], ["w"])
yes = graph(
    [helper.make_node("If", ["flag"], ["i"], "inner", then_branch=inner, else_branch=other),
     helper.make_node("Mul", ["i", "twice"], ["t"], "outer_mul")], [], ["t"],
    [("twice", np.float32(2))])
no = graph([helper.make_node("Identity", [x], ["e"], "same")], [], ["e"])
net.constant(np.asarray(True), "flag")
net.head(net.If("flag", then_branch=yes, else_branch=no))
net.save("branch-nested")
net = Net()
x = net.Relu(net.conv("x"))
size = net.Gather(net.Shape(net.GlobalAveragePool(x)), np.asarray(2))
yes = graph(
    [helper.make_node("GlobalAveragePool", [x], ["p"], "pool"), helper.make_node("Neg", ["p"], ["q"], "minus")], [],
    ["p", "q"])
no = graph(
    [helper.make_node("Identity", [x], ["e"], "same"), helper.make_node("Identity", [x], ["f"], "also")], [],
    ["e", "f"])
net.If(net.Equal(size, np.asarray(1)), then_branch=yes, else_branch=no, outputs=["pooled", "minus"])
net.linear(net.Flatten(net.Sub("pooled", net.Mul("minus", np.float32(3)))), 4)
net.save("branch-of-shapes")

# Greatest and least along axes of every kind.
for name, kind, axes, keeps in [
        ("channels", "ReduceMax", [1], 1), ("pixels", "ReduceMax", [2, 3], 0), ("rows", "ReduceMin", [2], 1),
        ("columns", "ReduceMax", [-1], 0), ("pixels-min", "ReduceMin", [-2, -1], 1), ("all", "ReduceMax", [1, 2, 3], 1)]:
    net = Net(("N", 3, 5, 6))
    x = getattr(net, kind)(net.conv("x"), axes=axes, keepdims=keeps)
    net.Flatten(net.Add(x, np.float32(1)), outputs=["logits"])
    net.save(f"greatest-{name}")
net = Net(("N", 3, 5, 6), opset=18)
net.Flatten(net.ReduceMax(net.conv("x"), np.asarray([1, 3]), keepdims=0), outputs=["logits"])
net.save("greatest-opset-18")
net = Net(("N", 5, 8))
net.Flatten(net.ReduceMax(net.Relu("x"), axes=[1], keepdims=0), outputs=["logits"])
net.save("greatest-token")

# Across the axis of the batch: of one image, and of any number, which is refused.
for kind in ["ReduceMax", "ReduceMean", "Softmax", "ArgMax"]:
    for batch in [1, "N"]:
        net = Net((batch, 3, 5, 6))
        axes = {"axis": 0} if kind in ["Softmax", "ArgMax"] else {"axes": [0]}
        x = net.Cast(getattr(net, kind)(net.conv("x"), **axes), to=T.FLOAT)
        net.Flatten(net.Add(x, np.float32(1)), outputs=["logits"])
        net.save(f"across-{kind.lower()}-{batch}", tolerance=1e-4 if batch == 1 else None)

# Blocks of pixels to channels and back.
for mode in ["DCR", "CRD"]:
    net = Net(("N", 3, 4, 5))
    net.Flatten(net.DepthToSpace(net.conv("x", 12), blocksize=2, mode=mode), outputs=["logits"])
    net.save(f"blocks-{mode.lower()}")
net = Net(("N", 3, 4, 6))
net.Flatten(net.SpaceToDepth(net.conv("x"), blocksize=2), outputs=["logits"])
net.save("blocks-back")
net = Net(("N", 3, 6, 6))
net.Flatten(net.DepthToSpace(net.conv("x", 18), blocksize=3, mode="CRD"), outputs=["logits"])
net.save("blocks-of-three")

# Cubic interpolation, larger and smaller, by sizes and by scales.
for name, how, attributes in [
        ("larger", [1, 4, 9, 11], {}), ("smaller", [1, 4, 4, 3], {"coordinate_transformation_mode": "pytorch_half_pixel"}),
        ("rows", [1, 4, 8, 6], {"exclude_outside": 1, "cubic_coeff_a": -0.5}),
        ("corners", [1, 4, 7, 9], {"coordinate_transformation_mode": "align_corners"}),
        ("scaled", [1.0, 1.0, 1.7, 0.6], {"coordinate_transformation_mode": "asymmetric"})]:
    net = Net((1, 3, 5, 6))
    x = net.conv("x")
    sizes = ["", np.asarray(how, np.float32)] if name == "scaled" else ["", "", np.asarray(how, np.int64)]
    net.Flatten(net.Resize(x, *sizes, mode="cubic", **attributes), outputs=["logits"])
    net.save(f"cubic-{name}")

# Indices of several axes, and sums along an axis, as position tables use them.
net = Net((1, 4, 5, 6))
net.Flatten(net.GatherND("x", np.asarray([[[0, 1], [3, 4], [2, -1]]]), batch_dims=1), outputs=["logits"])
net.save("gather-nd")
net = Net(("N", 3, 4, 4))
table = net.CumSum(np.ones((1, 4, 4), np.float32), np.asarray(1), exclusive=1)
back = net.CumSum(np.arange(16, dtype=np.float32).reshape(1, 4, 4), np.asarray(-1), reverse=1)
mask = net.Trilu(np.ones((4, 4), np.float32), np.asarray(1), upper=1)
picked = net.GatherND(np.arange(8, dtype=np.float32).reshape(2, 4), np.asarray([[1, 2], [0, 3]]))
x = net.Add(net.Mul("x", net.Add(table, back)), mask)
net.Flatten(net.Mul(x, net.Reshape(net.ReduceMax(picked, axes=[0]), np.asarray([1]))), outputs=["logits"])
net.save("tables")

# Standardised kernels, as a batch-norm over the filters leaves them: of their own statistics, or of given ones.
for name, attributes, outputs in [("own", {"training_mode": 1}, ["s", "s.mean", "s.var"]), ("given", {}, ["s"])]:
    net = Net()
    rows = net.Reshape(net.weight(4, 3, 3, 3, name="conv.weight"), np.asarray([1, 4, -1]))
    net.BatchNormalization(
        rows, net.weight(4), net.weight(4), np.asarray([0.1, -0.2, 0, 0.3]), np.asarray([0.3, 0.2, 0.5, 0.4]),
        epsilon=1e-3, outputs=outputs, **attributes)
    net.head(net.Relu(net.Conv("x", net.Reshape("s", np.asarray([4, 3, 3, 3])), pads=[1, 1, 1, 1])))
    net.save(f"standardised-{name}")

# Quantised weights: along an axis, all alike, with zero points, as a table, in blocks, transposed.
codes = np.random.default_rng(4)
for name, kind, zero in [("int8", np.int8, 0), ("uint8", np.uint8, 128), ("int8-zero", np.int8, 3)]:
    net = Net()
    low = 0 if kind == np.uint8 else -128
    weight = codes.integers(low, low + 256, (4, 3, 3, 3)).astype(kind)
    weight = net.DequantizeLinear(
        net.constant(weight, "conv.weight_quantized"), np.asarray([0.01, 0.02, 0.005, 0.03], np.float32),
        np.full(4, zero, kind), axis=0)
    bias = net.DequantizeLinear(codes.integers(-900, 900, 4).astype(np.int32), np.float32(0.001))
    net.head(net.Relu(net.Conv("x", weight, bias, pads=[1, 1, 1, 1])))
    net.save(f"weights-{name}")
net = Net(("N", 6))
weight = net.DequantizeLinear(
    codes.integers(-128, 128, (6, 5)).astype(np.int8), codes.uniform(0.01, 0.02, 5).astype(np.float32),
    np.zeros(5, np.int8), axis=1)
net.MatMul("x", weight, outputs=["logits"])
net.save("weights-columns")
net = Net(("N", 6))
weight = net.DequantizeLinear(codes.integers(-128, 128, (5, 6)).astype(np.int8), np.float32(0.02), np.int8(-7))
net.MatMul("x", net.Transpose(weight, perm=[1, 0]), outputs=["logits"])
net.save("weights-transposed")
net = Net(("N", 6), opset=21)
weight = net.DequantizeLinear(
    codes.integers(-128, 128, (6, 5)).astype(np.int8), codes.uniform(0.01, 0.02, (3, 5)).astype(np.float32),
    codes.integers(-5, 5, (3, 5)).astype(np.int8), axis=0, block_size=2)
net.MatMul("x", weight, outputs=["logits"])
net.save("weights-blocks")

# Activations that are quantised in between; what they lose by rounding is left out.
net = Net()
x = net.DequantizeLinear(net.QuantizeLinear("x", np.float32(0.02), np.int8(0)), np.float32(0.02), np.int8(0))
x = net.conv(x)
# The ReLU is in the zero point: bytes hold nothing below it.
x = net.QuantizeLinear(x, np.float32(0.01), np.uint8(0))
x = net.MaxPool(x, kernel_shape=[2, 2], strides=[2, 2])
net.head(net.DequantizeLinear(x, np.float32(0.01), np.uint8(0)))
net.save("activations", tolerance=0.03)
net = Net(kind=T.UINT8)
x = net.DequantizeLinear("x", np.float32(0.02), np.uint8(50))
net.head(net.Relu(net.conv(x)))
net.save("input-quantized")

# Operators on integers, as ONNX and Microsoft's optimiser have them.
def quantized(net, x, scale, zero=0, kind=np.uint8):
    return net.QuantizeLinear(x, np.float32(scale), kind(zero))


net = Net()
net.domains["com.microsoft"] = 1
small, zero = np.float32(0.02), np.uint8(100)
x = quantized(net, "x", 0.02, 100)
weight = net.constant(codes.integers(-128, 128, (4, 3, 3, 3)).astype(np.int8), "conv.weight_quantized")
scales = net.constant(np.asarray([0.01, 0.02, 0.005, 0.03], np.float32))
bias = net.constant(codes.integers(-900, 900, 4).astype(np.int32), "conv.bias_quantized")
y = net.QLinearConv(
    x, small, zero, weight, scales, np.zeros(4, np.int8), np.float32(0.1), np.uint8(120), bias, pads=[1, 1, 1, 1])
z = net.QLinearSigmoid(y, np.float32(0.1), np.uint8(120), np.float32(1 / 255), np.uint8(0), domain="com.microsoft")
y = net.QLinearMul(
    y, np.float32(0.1), np.uint8(120), z, np.float32(1 / 255), np.uint8(0), np.float32(0.1), np.uint8(20),
    domain="com.microsoft")
y = net.QLinearAdd(
    y, np.float32(0.1), np.uint8(20), y, np.float32(0.1), np.uint8(20), np.float32(0.2), np.uint8(20),
    domain="com.microsoft")
y = net.QLinearConcat(
    np.float32(0.2), np.uint8(20), y, np.float32(0.2), np.uint8(20), y, np.float32(0.2), np.uint8(20), axis=1,
    domain="com.microsoft")
y = net.QLinearGlobalAveragePool(
    y, np.float32(0.2), np.uint8(20), np.float32(0.05), np.uint8(20), channels_last=0, domain="com.microsoft")
y = net.Flatten(y)
w = net.constant(codes.integers(-128, 128, (8, 5)).astype(np.int8), "fc.weight_quantized")
y = net.QLinearMatMul(
    y, np.float32(0.05), np.uint8(20), w, codes.uniform(0.01, 0.02, 5).astype(np.float32), np.zeros(5, np.int8),
    np.float32(0.2), np.uint8(128))
net.DequantizeLinear(y, np.float32(0.2), np.uint8(128), outputs=["logits"])
net.save("integers", tolerance=0.06)
net = Net(("N", 6))
net.domains["com.microsoft"] = 1
x = quantized(net, "x", 0.02, 100)
w = net.constant(codes.integers(-128, 128, (5, 6)).astype(np.int8), "fc.weight_quantized")
net.QGemm(
    x, small, zero, w, codes.uniform(0.01, 0.02, 5).astype(np.float32), np.zeros(5, np.int8),
    codes.integers(-900, 900, 5).astype(np.int32), "", "", transB=1, outputs=["logits"], domain="com.microsoft")
net.save("integers-gemm", tolerance=0.02)
net = Net(("N", 6))
net.nodes.append(helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"], "range"))
w = net.constant(codes.integers(0, 256, (6, 5)).astype(np.uint8), "fc.weight_quantized")
y = net.Cast(net.MatMulInteger("q", w, "z", np.uint8(128)), to=T.FLOAT)
net.Add(net.Mul(y, net.Mul("s", np.float32(0.01))), net.weight(5), outputs=["logits"])
net.save("integers-dynamic", tolerance=0.05)
net = Net(kind=T.UINT8)
w = net.constant(codes.integers(-128, 128, (4, 3, 3, 3)).astype(np.int8), "conv.weight_quantized")
y = net.Cast(net.ConvInteger("x", w, np.uint8(50), np.int8(3), pads=[1, 1, 1, 1]), to=T.FLOAT)
net.head(net.Relu(net.Mul(y, np.float32(0.001))))
net.save("integers-conv")

# Names that are the same to Unicode, and not to ONNX; names that steer terminals.
net = Net(name="caf\u00e9")
x = net.Relu(net.conv("caf\u00e9"), outputs=["cafe\u0301"])
net.Neg("cafe\u0301", outputs=["\u1e9b\u0323"])
net.Relu("\u1e9b\u0323", outputs=["\u1e9b\u0323".encode().decode() + "\x1b[2J"])
net.head(net.Add("cafe\u0301", "\u1e9b\u0323\x1b[2J"))
net.save("names")

pathlib.Path("reading.json").write_text(json.dumps(expected, separators=(",", ":")).replace("},", "},\n") + "\n")
