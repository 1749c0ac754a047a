# Its telemetry forks, and without a network the fork outlives whoever asked.
sys.modules["openvino_telemetry"] = None
try:
    import openvino
    import openvino.opset8 as operators
except ImportError as error:
    sys.exit(f"{error}; run: pip install openvino")

VERSION = openvino.__version__.split("-")[0]
core = openvino.Core()
call = 0


class Network:
    """A model in OpenVINO, on one thread."""

    def __init__(self, path, is_watched):
        model = core.read_model(path) if path else self.nothing()
        shape = [extent.get_length() if extent.is_static else 1 for extent in model.inputs[0].partial_shape]
        model.reshape(shape)
        # Not bfloat16, which it chooses where the processor has it.
        compiled = core.compile_model(
            model, "CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32", "PERF_COUNT": is_watched})
        self.request = compiled.create_infer_request()
        self.data = numpy.random.default_rng(0).standard_normal(shape).astype(numpy.float32)
        self.is_watched = is_watched
        self.seconds = collections.defaultdict(list)
        self.run()

    @staticmethod
    def nothing():
        source = operators.parameter([1, 8], numpy.float32)
        return openvino.Model([operators.relu(source)], [source])

    def run(self):
        """The seconds without those of a call that computes nothing."""
        start = time.perf_counter()
        self.request.infer([self.data])
        seconds = time.perf_counter() - start - call
        if self.is_watched:
            for node in self.request.profiling_info:
                if node.status == node.Status.EXECUTED:
                    self.seconds[node.node_name].append(node.real_time.total_seconds())
        return seconds

    def seconds_of_nodes(self):
        return self.seconds


nothing = Network(None, is_watched=False)
call = typical([nothing.run() for _ in range(MOST)])
