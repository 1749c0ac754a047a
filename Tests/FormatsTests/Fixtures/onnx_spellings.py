"""Layers in the small operators that exporters write them in."""
import numpy as np

from onnx_builder import Builder


def gelu(model, x, opset):
    if opset >= 20:
        return model.Gelu(x, scope="/act")
    gate = model.Add(model.Erf(model.Div(x, 2**0.5, scope="/act"), scope="/act"), 1.0, scope="/act")
    return model.Mul(model.Mul(x, gate, scope="/act"), 0.5, scope="/act")


def layer_norm(model, x, name, features, opset):
    scale, shift = model.weight(f"{name}.weight", features), model.weight(f"{name}.bias", features)
    scope = f"/{name}"
    if opset >= 17:
        return model.LayerNormalization(x, scale, shift, axis=-1, epsilon=1e-6, scope=scope)
    mean = model.ReduceMean(x, axes=[-1], scope=scope)
    centred = model.Sub(x, mean, scope=scope)
    variance = model.ReduceMean(model.Pow(centred, 2.0, scope=scope), axes=[-1], scope=scope)
    deviation = model.Sqrt(model.Add(variance, 1e-6, scope=scope), scope=scope)
    product = model.Mul(model.Div(centred, deviation, scope=scope), scale, scope=scope)
    return model.Add(product, shift, scope=scope)


def hard_swish(model, x, opset):
    if opset >= 14:
        return model.HardSwish(x, scope="/swish")
    gate = model.Clip(model.Add(x, 3.0, scope="/swish"), 0.0, 6.0, scope="/swish")
    return model.Div(model.Mul(x, gate, scope="/swish"), 6.0, scope="/swish")


def network(opset):
    """A convolution, tokens, a transformer's block without attention."""
    model = Builder(opset)
    x = hard_swish(model, model.conv("image", "conv", 8, 4), opset)
    if opset >= 15:
        batch = model.Shape(x, start=0, end=1)
    else:
        batch = model.Gather(model.Shape(x), 0)
        batch = model.Unsqueeze(batch, axes=[0]) if opset < 13 else model.Unsqueeze(batch, [0])
    x = model.Reshape(x, model.Concat(batch, [8], [36], axis=0))
    x = model.Transpose(x, perm=[0, 2, 1])
    x = layer_norm(model, x, "norm", 8, opset)
    x = gelu(model, model.linear(x, "fc1", 16, 8), opset)
    x = model.linear(x, "fc2", 3, 16)
    if opset >= 18:
        return model, model.ReduceMean(x, [1], keepdims=0)
    return model, model.ReduceMean(x, axes=[1], keepdims=0)


def heads(model, x):
    return model.Transpose(model.Reshape(x, [0, 9, 2, 4]), perm=[0, 2, 1, 3])


def joined(model, x):
    return model.Reshape(model.Transpose(x, perm=[0, 2, 1, 3]), [0, 9, 8])


def weighted(model, scores, values):
    return model.MatMul(model.Softmax(scores, axis=-1), values, scope="/attn")


def attention(spelling):
    """Two heads of four features over nine tokens."""
    model = Builder(17, ("N", 9, 8))
    if spelling == "joint":
        # One layer for all three, scaled queries.
        x = model.Reshape(model.linear("image", "qkv", 24, 8), [0, 9, 3, 2, 4])
        x = model.Transpose(x, perm=[2, 0, 3, 1, 4])
        q, k, v = [model.Gather(x, place, axis=0) for place in range(3)]
        keys = model.Transpose(k, perm=[0, 1, 3, 2])
        return model, joined(model, weighted(model, model.MatMul(model.Mul(q, 0.5), keys), v))
    if spelling == "unbound":
        # scaled_dot_product_attention of the older exporter: both sides scaled by a root.
        x = model.Reshape(model.linear("image", "qkv", 24, 8), [0, 9, 3, 2, 4])
        x = model.Transpose(x, perm=[2, 0, 3, 1, 4])
        q, k, v = [model.Squeeze(part, [0]) for part in model.Split(x, axis=0, outputs=3)]
        root = model.Sqrt(0.5)
        keys = model.Mul(model.Transpose(k, perm=[0, 1, 3, 2]), root)
        return model, joined(model, weighted(model, model.MatMul(model.Mul(q, root), keys), v))
    if spelling == "transposed":
        # The newer exporter turns the keys in a tensor of three axes.
        q, k, v = [heads(model, model.linear("image", name, 8, 8)) for name in "qkv"]
        keys = model.Transpose(model.Reshape(k, [-1, 9, 4]), perm=[0, 2, 1])
        scores = model.MatMul(q, model.Reshape(keys, [1, 2, 4, 9]))
        return model, joined(model, weighted(model, model.Div(scores, 2.0), v))
    # nn.MultiheadAttention: tokens first, the batch merged with the heads.
    x = model.Transpose("image", perm=[1, 0, 2])
    q, k, v = [
        model.Transpose(model.Reshape(model.linear(x, name, 8, 8), [9, -1, 4]), perm=[1, 0, 2]) for name in "qkv"]
    scores = model.MatMul(model.Mul(q, 0.5), model.Transpose(k, perm=[0, 2, 1]))
    y = model.Transpose(weighted(model, scores, v), perm=[1, 0, 2])
    return model, model.Transpose(model.Reshape(y, [9, -1, 8]), perm=[1, 0, 2])


def function(body):
    model = Builder()
    return model, body(model, model.conv("image", "conv", 4, 4))


def tanh_gelu(model, x):
    cube = model.Mul(model.Pow(x, 3.0, scope="/act"), 0.044715, scope="/act")
    inner = model.Mul(model.Add(x, cube, scope="/act"), (2 / np.pi)**0.5, scope="/act")
    gate = model.Add(model.Tanh(inner, scope="/act"), 1.0, scope="/act")
    return model.Mul(model.Mul(x, 0.5, scope="/act"), gate, scope="/act")


def gelu_half_first(model, x):
    gate = model.Add(1.0, model.Erf(model.Mul(x, 0.5**0.5, scope="/act"), scope="/act"), scope="/act")
    return model.Mul(model.Mul(0.5, x, scope="/act"), gate, scope="/act")


def silu(model, x):
    return model.Mul(model.Sigmoid(x, scope="/act"), x, scope="/act")


def hard_swish_by_sigmoid(model, x):
    return model.Mul(x, model.HardSigmoid(x, alpha=1 / 6, beta=0.5, scope="/act"), scope="/act")


def hard_sigmoid(model, x):
    return model.Div(model.Clip(model.Add(x, 3.0, scope="/act"), 0.0, 6.0, scope="/act"), 6.0, scope="/act")


def shuffle():
    model = Builder()
    x = model.Reshape(model.conv("image", "conv", 6, 4), [-1, 2, 3, 6, 6])
    x = model.Transpose(x, perm=[0, 2, 1, 3, 4])
    return model, model.Reshape(x, [-1, 6, 6, 6], scope="/stage")


def padded():
    model = Builder()
    x = model.Pad("image", [0, 0, 0, 0, 0, 0, 1, 1])
    return model, model.conv(x, "conv", 4, 4, 3, strides=[2, 2])


def spellings():
    """Models and their outputs by name."""
    result = {f"opset-{opset}": network(opset) for opset in (11, 13, 17, 20)}
    for spelling in ("joint", "unbound", "transposed", "merged"):
        result[f"attention-{spelling}"] = attention(spelling)
    bodies = {
        "gelu-tanh": tanh_gelu, "gelu-half-first": gelu_half_first, "silu": silu,
        "hard-swish-by-sigmoid": hard_swish_by_sigmoid, "hard-sigmoid": hard_sigmoid}
    result |= {name: function(body) for name, body in bodies.items()}
    return result | {"channel-shuffle": shuffle(), "padded-convolution": padded()}
