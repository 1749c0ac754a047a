# Times training steps of a model.json in PyTorch, for `sculpt bench train --against pytorch`.
# Reads lines "THREADS BATCH REPEATS" and answers each with the seconds that one step took: forward, backward and
# SGD with Nesterov momentum, in the faster of the two memory formats.
import json
import sys
import time

try:
    import torch
    from torch.nn import functional
except ImportError as error:
    sys.exit(f"{error}; install PyTorch (Debian: python3-torch), or name another Python with --python")

with open(sys.argv[1]) as file:
    model = json.load(file)


class Network(torch.nn.Module):
    """The operators of the sample models, each as PyTorch users write it."""

    def __init__(self, example):
        super().__init__()
        self.layers = torch.nn.ModuleDict()
        self.constants = torch.nn.ParameterDict()
        with torch.no_grad():
            self(example)

    def layer(self, name, make):
        key = name.replace(".", "_")
        if key not in self.layers:
            self.layers[key] = make()
        return self.layers[key]

    def forward(self, x):
        known = {"input": x}
        for node in model["nodes"]:
            known[node["name"]] = result = self.run(node, [known[i] for i in node["inputs"]])
        return result

    def run(self, node, inputs):
        x = inputs[0] if inputs else None
        name, op = node["name"], node["op"]
        if op == "Conv":
            top, left, bottom, right = node.get("pads", [0] * 4)
            assert (top, left) == (bottom, right), f"{name} has uneven pads"
            return self.layer(name, lambda: torch.nn.Conv2d(
                x.shape[1], node["output_channels"], node["kernel_shape"], node.get("strides", 1),
                (top, left), node.get("dilations", 1), node.get("group", 1), "bias" in node))(x)
        if op == "BatchNormalization":
            return self.layer(name, lambda: torch.nn.BatchNorm2d(x.shape[1]))(x)
        if op == "LayerNormalization":
            return self.layer(name, lambda: torch.nn.LayerNorm(x.shape[-1]))(x)
        if op == "Gemm":
            return self.layer(name, lambda: torch.nn.Linear(
                x.shape[-1], node["output_features"], "bias" in node))(x)
        if op == "Constant":
            key = name.replace(".", "_")
            if key not in self.constants:
                self.constants[key] = torch.nn.Parameter(torch.randn(*node["shape"]))
            return self.constants[key]
        if op == "MultiHeadAttention":
            def heads(t):
                return t.unflatten(-1, (node["num_heads"], -1)).transpose(1, 2)
            q, k, v = map(heads, inputs)
            if hasattr(functional, "scaled_dot_product_attention"):
                y = functional.scaled_dot_product_attention(q, k, v)
            else:
                y = (q @ k.transpose(-1, -2) * node["scale"]).softmax(-1) @ v
            return y.transpose(1, 2).flatten(2)
        if op == "Relu":
            return functional.relu(x)
        if op == "Clip":
            return functional.hardtanh(x, node["min"], node["max"])
        if op == "Gelu":
            return functional.gelu(x)
        if op == "Add":
            return x + inputs[1]
        if op == "MaxPool":
            return functional.max_pool2d(x, node["kernel_shape"], node["strides"])
        if op == "GlobalAveragePool":
            return x.mean((2, 3), keepdim=True)
        if op == "ReduceMean":
            return x.mean([a + 1 for a in node["axes"]], keepdim=bool(node.get("keepdims", 1)))
        if op == "Flatten":
            return x.flatten(1)
        if op == "Reshape":
            return x.reshape(-1, *node["shape"])
        if op == "Transpose":
            return x.permute(0, *[a + 1 for a in node["perm"]])
        sys.exit(f"{op} ({name}) is not known to this comparison")


shape = model["input"]["shape"]
steps = {}


def step(batch, is_channels_last):
    torch.manual_seed(0)
    images = torch.randn(batch, *shape)
    network = Network(images[:2])
    if is_channels_last:
        network = network.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    labels = torch.randint(0, network(images[:2]).shape[-1], (batch,))
    optimizer = torch.optim.SGD(network.parameters(), 0.01, 0.9, nesterov=True, weight_decay=5e-4)

    def run():
        optimizer.zero_grad()
        functional.cross_entropy(network(images), labels).backward()
        optimizer.step()
    return run


def seconds(run, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    threads, batch, repeats = map(int, line.split())
    torch.set_num_threads(threads)
    if (threads, batch) not in steps:
        candidates = [step(batch, last) for last in (False, True)]
        for run in candidates:
            seconds(run, 2)
        steps[threads, batch] = min(candidates, key=lambda run: seconds(run, 4))
    print(seconds(steps[threads, batch], repeats), flush=True)
