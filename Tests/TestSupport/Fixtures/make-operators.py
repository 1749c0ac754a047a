# Makes operators.json and operators.safetensors: python3 make-operators.py
# (numpy 2.4, onnx 1.17, onnxruntime 1.32; others differ in the last bits).
#
# operators.json names the cases of the folder operators, with nodes as in a model.json. The tensors
# of case "conv-1" are "conv-1/input" and "conv-1/output", images on their first axis, and its
# parameters. The values that go in are halves, which both sides hold exactly; the outputs are what
# ONNX Runtime makes of them (operators/onnx_operators.py).
import itertools
import json
import struct

import numpy as np

from operators import layers, moves, onnx_operators, values


def output(case):
    """The output of the last node."""
    parameters = {name: tensor.astype(np.float32) for name, tensor in case.parameters.items()}
    activations = {"input": case.inputs.astype(np.float32)}
    for node in case.nodes:
        if node["op"] == "Constant":
            # Every image has its own copy.
            constant = parameters[node["value"]]
            result = np.broadcast_to(constant, (case.images,) + constant.shape)
        else:
            inputs = [activations[name] for name in node["inputs"]]
            result = onnx_operators.compute(node, inputs, parameters)
        activations[node["name"]] = result
    result = activations[case.nodes[-1]["name"]]
    # -3.4e38 would be the maximum of nothing; nothing but zeros would show little.
    assert result.dtype == np.float32 and 0 < abs(result).max() < 1e6, case.name
    # Half the bytes for what is only moved.
    half = result.astype(np.float16)
    return half if (half == result).all() else result


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        start = len(data)
        data += np.ascontiguousarray(tensor).tobytes()
        header[name] = {
            "dtype": {"float16": "F16", "float32": "F32"}[tensor.dtype.name],
            "shape": list(tensor.shape), "data_offsets": [start, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


tensors, lines = {}, []
for case in itertools.chain(layers.cases(), values.cases(), moves.cases()):
    for name, tensor in case.parameters.items():
        tensors[f"{case.name}/{name}"] = tensor
    tensors[f"{case.name}/input"] = case.inputs
    tensors[f"{case.name}/output"] = output(case)
    lines.append(json.dumps(case.description(), separators=(",", ":")))
write_safetensors("operators.safetensors", tensors)
with open("operators.json", "w") as file:
    # A line a case, so that a changed case is a changed line.
    file.write("[\n" + ",\n".join(lines) + "\n]\n")
print(len(lines), "cases")
