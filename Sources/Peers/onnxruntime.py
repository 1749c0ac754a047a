# Models in ONNX Runtime.
try:
    import onnxruntime
except ImportError as error:
    sys.exit(f"{error}; run: pip install onnxruntime")

VERSION = onnxruntime.__version__


class Network:
    """A model, some images at a time. One that is watched says what its nodes take."""

    def __init__(self, path, threads=1, batch=1, is_watched=False):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Its threads spin while it runs, as is usual, but not into the other network's turn.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self.folder = tempfile.TemporaryDirectory()
        if is_watched:
            options.enable_profiling = True
            options.profile_file_prefix = os.path.join(self.folder.name, "profile")
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        source = self.session.get_inputs()[0]
        data = images([d if isinstance(d, int) else None for d in source.shape], batch)
        self.images = data.shape[0]
        self.feed = {source.name: data}
        self.run()

    @staticmethod
    def nothing():
        """None: a call takes next to nothing."""

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
