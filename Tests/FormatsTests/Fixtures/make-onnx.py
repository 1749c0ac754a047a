# Makes the models in the folder onnx, and what they make of an image by onnx's definition of its operators:
# python3 make-onnx.py (numpy 2.4, onnx 1.17)
import json
import pathlib

import numpy as np
from onnx import TensorProto, helper, load, save
from onnx.reference import ReferenceEvaluator

from onnx_builder import Builder
from onnx_spellings import spellings

pathlib.Path("onnx").mkdir(exist_ok=True)


def small(opset=17, shape=("N", 4, 6, 6)):
    """A convolution, ReLU, the mean of the pixels, a linear layer."""
    model = Builder(opset, shape)
    x = model.Relu(model.conv("image", "conv", 8, 4, 3, pads=[1, 1, 1, 1]), scope="/relu")
    x = model.Flatten(model.GlobalAveragePool(x, scope="/pool"))
    y = model.Gemm(x, model.weight("fc.weight", 3, 8), model.weight("fc.bias", 3), name="logits", transB=1)
    return model, y


# The batch: of any size, of one, of a fixed size that is written into a reshape, none.
for name, shape in [("dynamic", ("N", 4, 6, 6)), ("single", (1, 4, 6, 6)), ("unnamed", (None, 4, 6, 6))]:
    model, y = small(shape=shape)
    model.save(f"batch-{name}", y)
model = Builder(input_shape=(5, 4, 6, 6))
model.save("batch-fixed", model.Relu(model.Reshape(model.conv("image", "conv", 2, 4, 6), [5, 2])))
model = Builder(input_shape=(7, 4))
model.save("batch-none", model.linear("image", "fc", 2, 4))

# Every type of element, as numbers of the message and as raw bytes.
numbers = {
    "FLOAT": [0.5, -2], "FLOAT16": [0.5, -2], "BFLOAT16": [0.5, -2], "DOUBLE": [0.5, -2], "INT8": [1, -2],
    "INT16": [300, -2], "INT32": [70000, -2], "INT64": [70000, -2], "UINT8": [1, 254], "UINT16": [1, 65534],
    "UINT32": [1, 70000], "UINT64": [1, 70000], "BOOL": [True, False]}
for place, is_raw in [("typed", False), ("raw", True)]:
    model = Builder(input_shape=("N", 2))
    x = "image"
    for kind, values in numbers.items():
        code = TensorProto.DataType.Value(kind)
        if is_raw and kind == "BFLOAT16":
            # The upper half of a float.
            values = (np.float32(values).view(np.uint32) >> 16).astype(np.uint16).tobytes()
        elif is_raw:
            values = np.array(values, helper.tensor_dtype_to_np_dtype(code)).tobytes()
        model.initializers.append(helper.make_tensor(kind, code, [2], values, raw=is_raw))
        x = model.Add(x, model.Cast(kind, name=kind.lower(), to=TensorProto.FLOAT))
    model.save(f"elements-{place}", x)

# Weights beside the model: where they should be, missing, too short, outside of its folder.
for name, location, offset in [
        ("inside", "weights.bin", 16), ("missing", "nowhere.bin", 0), ("short", "weights.bin", 32),
        ("outside", "../weights.bin", 0), ("absolute", "/weights.bin", 0)]:
    model, y = small()
    model = model.model(y)
    tensor = next(tensor for tensor in model.graph.initializer if tensor.name == "fc.bias")
    values = tensor.raw_data
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in [("location", location), ("offset", offset), ("length", len(values))]:
        tensor.external_data.add(key=key, value=str(value))
    save(model, f"onnx/external-{name}.onnx")
pathlib.Path("onnx/weights.bin").write_bytes(bytes(16) + values)

# Graphs that are a little odd.
model, y = small()
model.inputs.append(helper.make_tensor_value_info("fc.bias", TensorProto.FLOAT, [3]))
model.save("initializer-is-input", y)
model, y = small()
model.inputs.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["N", 3]))
model.save("two-inputs", model.Add(y, "mask"))
model, y = small()
model.save("two-outputs", y, "/relu/Relu_output_0")
model, y = small(opset=6)
model.save("old-opset", y)
model = Builder()
x = model.Mish(model.conv("image", "before", 8, 4), scope="/odd")
model.save("unsupported", model.conv(model.Relu(x), "after", 4, 8))
model, y = small()
model.nodes[0].attribute[0].CopyFrom(helper.make_attribute("pads", "everywhere"))
model.nodes[0].attribute.append(helper.make_attribute("strides", 2.0))
model.nodes[0].attribute.append(helper.make_attribute("group", [1, 1]))
model.save("wrong-attributes", y)

# Where PyTorch's newer exporter says what a node is a part of.
model = Builder()
x = "image"
for module, function in [("stem.act", "relu"), ("stem.act", "relu_1"), ("stem.conv", "conv2d"), ("stem", "add")]:
    inputs = {"conv2d": [x, model.tensor("val_3", np.ones((2, 4, 1, 1), np.float32))], "add": [x, x]}.get(function, [x])
    x = getattr(model, {"conv2d": "Conv", "add": "Add"}.get(function, "Relu"))(*inputs)
    entry = model.nodes[-1].metadata_props.add()
    entry.key, entry.value = "pkg.torch.onnx.name_scopes", f"['', 'stem', '{module}', '{function}']"
model.save("scopes", x)

for name, (model, output) in spellings().items():
    model.save(name, output)

outputs = {}
for path in sorted(pathlib.Path("onnx").glob("*.onnx")):
    if path.stem.startswith(("external", "two-inputs", "old-opset", "unsupported", "wrong-attributes", "elements")):
        continue
    model = load(path)
    extents = [dim.dim_value for dim in model.graph.input[0].type.tensor_type.shape.dim]
    # One image: numbers between -2 and 2, none of which repeats.
    shape = [1, *extents[1:]] if extents[0] in (0, 5) else extents
    count = int(np.prod(shape))
    image = (np.arange(count) * 37 % count / count * 4 - 2).astype(np.float32).reshape(shape)
    if path.stem == "batch-fixed":
        image = np.repeat(image, 5, axis=0)
    outputs[path.stem] = [float(value) for value in ReferenceEvaluator(model).run(None, {"image": image})[0].flat]
lines = [f'"{name}": {json.dumps([round(value, 6) for value in values])}' for name, values in outputs.items()]
pathlib.Path("onnx/outputs.json").write_text("{" + ",\n".join(lines) + "}\n")
