# What a node of model.json yields, computed by ONNX Runtime; used by make-operators.py.
#
# Each node runs as a model of its own without optimisation, so that no two operators are fused and
# every intermediate value is a numpy array. Activations have the axis of images that ONNX wants and
# model.json leaves out: an axis a of a node is axis a + 1 here.
import numpy as np
import onnxruntime
from onnx import helper


def run(kind, *inputs, domain="", **attributes):
    """One operator of ONNX on some arrays; None stands for an input that is left out."""
    names = [f"x{i}" if x is not None else "" for i, x in enumerate(inputs)]
    feeds = {name: np.array(x, order="C") for name, x in zip(names, inputs) if x is not None}
    declared = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
        for name, x in feeds.items()]
    node = helper.make_node(kind, names, ["y"], domain=domain, **attributes)
    graph = helper.make_graph([node], "node", declared, [helper.make_empty_tensor_value_info("y")])
    # GroupNormalization has a scale for each channel since opset 21.
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, feeds)[0]


def integers(values):
    return np.array(values, dtype=np.int64)


def aligned(x, rank):
    """x with axes of extent 1 between images and the rest, as broadcasting adds them."""
    return x.reshape(x.shape[:1] + (1,) * (rank - x.ndim) + x.shape[1:])


def both_aligned(inputs):
    rank = max(x.ndim for x in inputs)
    return [aligned(x, rank) for x in inputs]


def gemm(x, weight, bias):
    if x.ndim == 2:
        return run("Gemm", x, weight, bias, transB=1)
    product = run("MatMul", x, weight.T)
    return product if bias is None else run("Add", product, bias)


def slices(x, node):
    steps = node.get("steps", [1] * len(node["starts"]))
    ends = [start + count * step
            for start, count, step in zip(node["starts"], node["counts"], steps)]
    # To ONNX -1 is the last place, not the one before the first.
    ends = [end if end >= 0 else -(1 << 31) for end in ends]
    axes = range(1, x.ndim)
    return run("Slice", x, *map(integers, [node["starts"], ends, axes, steps]))


def pad(x, node):
    pads = integers([0] + node["before"] + [0] + node["after"])
    value = np.float32(node.get("value", 0)).reshape(())
    return run("Pad", x, pads, value, mode=node.get("mode", "constant"))


def resize(x, node):
    keys = ["mode", "nearest_mode", "coordinate_transformation_mode"]
    attributes = {key: node[key] for key in keys if key in node}
    if "scales" in node:
        return run("Resize", x, None, np.float32([1, 1] + node["scales"]), **attributes)
    return run("Resize", x, None, None, integers(list(x.shape[:2]) + node["sizes"]), **attributes)


def group_normalization(x, scale, bias, node):
    if node["num_groups"] == x.shape[1]:
        return run("InstanceNormalization", x, scale, bias, epsilon=node["epsilon"])
    return run("GroupNormalization", x, scale, bias,
               num_groups=node["num_groups"], epsilon=node["epsilon"])


def channel_shuffle(x, groups):
    # As ShuffleNet's authors define it (arXiv 1707.01083, section 3.1).
    split = x.reshape(x.shape[0], groups, x.shape[1] // groups, *x.shape[2:])
    return run("Transpose", split, perm=[0, 2, 1, 3, 4]).reshape(x.shape)


def compute(node, inputs, parameters):
    """The output of a node; arrays have images as their first axis."""
    def tensor(key):
        return parameters[node[key]] if key in node else None

    def attributes(*keys):
        return {key: node[key] for key in keys if key in node}

    kind, x = node["op"], inputs[0] if inputs else None
    window = attributes("kernel_shape", "strides", "pads", "dilations")
    match kind:
        case "Relu" | "Sigmoid" | "HardSwish" | "Tanh" | "Erf" | "Exp" | "Sqrt":
            return run(kind, x)
        case "LeakyRelu" | "HardSigmoid" | "Gelu":
            return run(kind, x, **attributes("alpha", "beta", "approximate"))
        case "Clip":
            bounds = [np.float32(node[key]) if key in node else None for key in ("min", "max")]
            return run(kind, x, *bounds)
        case "Silu":
            # ONNX has it from opset 24 on, as Swish; this one is x sigmoid(alpha x).
            return run("QuickGelu", x, domain="com.microsoft", alpha=1.0)
        case "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Max" | "Min" | "MatMul":
            return run(kind, *both_aligned(inputs))
        case "PRelu":
            return run(kind, x, tensor("slope"))
        case "Conv":
            return run(kind, x, tensor("weight"), tensor("bias"), **window, **attributes("group"))
        case "Gemm":
            return gemm(x, tensor("weight"), tensor("bias"))
        case "MultiHeadAttention":
            return run(kind, *inputs, domain="com.microsoft", **attributes("num_heads", "scale"))
        case "BatchNormalization":
            statistics = [tensor(key) for key in ("scale", "bias", "mean", "var")]
            return run(kind, x, *statistics, epsilon=node["epsilon"])
        case "LayerNormalization":
            return run(kind, x, tensor("scale"), tensor("bias"),
                       axis=node["axis"] + 1, epsilon=node["epsilon"])
        case "GroupNormalization":
            return group_normalization(x, tensor("scale"), tensor("bias"), node)
        case "Softmax":
            return run(kind, x, axis=node["axis"] + 1)
        case "MaxPool" | "AveragePool":
            return run(kind, x, **window, **attributes("ceil_mode", "count_include_pad"))
        case "GlobalAveragePool":
            return run(kind, x)
        case "ReduceMean":
            axes = integers(node["axes"]) + 1
            return run(kind, x, axes, **attributes("keepdims"))
        case "ArgMax":
            return run(kind, x, axis=node["axis"] + 1, **attributes("keepdims")).astype(np.float32)
        case "Concat":
            return run(kind, *inputs, axis=node["axis"] + 1)
        case "Slice":
            return slices(x, node)
        case "Gather":
            indices = integers(node["indices"]).reshape(node["indices_shape"])
            return run(kind, x, indices, axis=node["axis"] + 1)
        case "Flatten":
            return run(kind, x)
        case "Reshape":
            return run(kind, x, integers([x.shape[0]] + node["shape"]))
        case "Transpose":
            return run(kind, x, perm=[0] + [axis + 1 for axis in node["perm"]])
        case "Expand":
            shape = node["shape"]
            rank = max(x.ndim, len(shape) + 1)
            return run(kind, aligned(x, rank), integers([1] * (rank - len(shape)) + shape))
        case "Pad":
            return pad(x, node)
        case "Resize":
            return resize(x, node)
        case "ChannelShuffle":
            return channel_shuffle(x, node["group"])
    raise ValueError(f"no such operator: {kind}")
