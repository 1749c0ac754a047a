# Times the nodes of two models in ONNX Runtime, in turn, on one thread.
try:
    import onnxruntime
except ImportError as error:
    sys.exit(f"{error}; run: pip install onnxruntime")

VERSION = onnxruntime.__version__


class Network:
    def __init__(self, path, profile=None):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        if profile:
            options.enable_profiling = True
            options.profile_file_prefix = profile
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        source = self.session.get_inputs()[0]
        shape = [d if isinstance(d, int) else 1 for d in source.shape]
        data = numpy.random.default_rng(0).standard_normal(shape).astype(numpy.float32)
        self.feed = {source.name: data}
        self.run()

    def run(self):
        start = time.perf_counter()
        self.session.run(None, self.feed)
        return time.perf_counter() - start

    def nodes(self):
        times = collections.defaultdict(list)
        with open(self.session.end_profiling()) as file:
            for event in json.load(file):
                if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
                    times[event["name"].removesuffix("_kernel_time")].append(event["dur"] * 1e-6)
        return {name: typical(seconds[1:]) for name, seconds in times.items()}


# What being watched adds to each node of a model.
watching = {}


def times(paths):
    """For each model the nodes in the order in which they run, with the name that the optimised graph gives them and
    the seconds that they took."""
    with tempfile.TemporaryDirectory() as folder:
        networks = [Network(path, os.path.join(folder, "profile")) for path in paths]
        plain = Network(paths[0]) if paths[0] not in watching else None
        seconds = []
        for _ in range(rounds(networks)):
            for network in networks:
                network.run()
            if plain:
                seconds.append(plain.run())
        nodes = [network.nodes() for network in networks]
    if plain:
        excess = sum(nodes[0].values()) - typical(seconds)
        watching[paths[0]] = max(0, excess / max(1, len(nodes[0])))
    return [
        [[name, max(seconds - watching[paths[0]], 1e-9)] for name, seconds in network.items()] for network in nodes]
