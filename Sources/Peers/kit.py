

def device():
    """What the device calls itself."""
    try:
        with open("/proc/cpuinfo") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith(("Model", "model name", "Hardware"))]
    except OSError:
        names = []
    return " ".join(filter(None, (names[-1] if names else platform.processor(), platform.machine(), platform.system())))


kit = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(kit, "kit.json")) as file:
    described = json.load(file)
output = sys.argv[1] if len(sys.argv) > 1 else "table.json"
paths = [os.path.join(kit, name) for name in described["networks"]]
# The first time is not like the others.
times([paths[0], paths[0]])
networks = []
for number, path in enumerate(paths):
    networks.append(times([paths[0], path]))
    print(f"{number + 1} of {len(paths)}", end="\r", file=sys.stderr, flush=True)
with open(output, "w") as file:
    json.dump({
        "format": "sculpt-latency-table", "version": 1, "kit": described["kit"],
        "device": device(), "engine": f"ONNX Runtime {onnxruntime.__version__}", "networks": networks}, file)
print(f"{output}: {len(paths)} networks; the dense one takes "
      f"{1000 * sum(seconds for _, seconds in networks[0][0]):.3f} ms", file=sys.stderr)
