try:
    import onnxruntime
except ImportError as error:
    sys.exit(f"{error}; run: pip install onnxruntime")

VERSION = onnxruntime.__version__


class Network:
    """A model in ONNX Runtime, on one thread."""

    def __init__(self, path, is_watched):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.folder = tempfile.TemporaryDirectory()
        if is_watched:
            options.enable_profiling = True
            options.profile_file_prefix = os.path.join(self.folder.name, "profile")
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

    def seconds_of_nodes(self):
        seconds = collections.defaultdict(list)
        with open(self.session.end_profiling()) as file:
            for event in json.load(file):
                if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
                    seconds[event["name"].removesuffix("_kernel_time")].append(event["dur"] * 1e-6)
        return seconds
