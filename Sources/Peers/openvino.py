# Models in OpenVINO.
# Its telemetry forks, and without a network the fork outlives whoever asked.
sys.modules["openvino_telemetry"] = None
try:
    import openvino
    import openvino.opset8 as operators
except ImportError as error:
    sys.exit(f"{error}; run: pip install openvino")

VERSION = openvino.__version__.split("-")[0]
core = openvino.Core()


class Network:
    """A model, some images at a time. One that is watched says what its nodes take."""

    def __init__(self, path, threads=1, batch=1, is_watched=False):
        model = core.read_model(path) if isinstance(path, str) else path
        data = images([d.get_length() if d.is_static else None for d in model.inputs[0].partial_shape], batch)
        model.reshape(data.shape)
        # Not bfloat16, which it chooses where the processor has it.
        compiled = core.compile_model(model, "CPU", {
            "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "PERF_COUNT": is_watched})
        self.request = compiled.create_infer_request()
        self.data = data
        self.images = data.shape[0]
        self.is_watched = is_watched
        self.seconds = collections.defaultdict(list)
        self.run()

    @staticmethod
    def nothing():
        """What computes next to nothing: a call of this engine takes long itself."""
        source = operators.parameter([1, 8], numpy.float32)
        return Network(openvino.Model([operators.relu(source)], [source]))

    def run(self):
        start = time.perf_counter()
        self.request.infer([self.data])
        seconds = time.perf_counter() - start
        if self.is_watched:
            for node in self.request.profiling_info:
                if node.status == node.Status.EXECUTED:
                    self.seconds[node.node_name].append(node.real_time.total_seconds())
        return seconds

    def seconds_of_nodes(self):
        return self.seconds
