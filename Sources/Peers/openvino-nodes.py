# Times the nodes of two models in OpenVINO, in turn, on one thread.
try:
    import openvino
except ImportError as error:
    sys.exit(f"{error}; run: pip install openvino")

VERSION = openvino.__version__.split("-")[0]
core = openvino.Core()


class Network:
    def __init__(self, path):
        model = core.read_model(path)
        shape = [extent.get_length() if extent.is_static else 1 for extent in model.inputs[0].partial_shape]
        model.reshape(shape)
        # Not bfloat16, which it chooses where the processor has it.
        compiled = core.compile_model(
            model, "CPU", {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32", "PERF_COUNT": True})
        self.request = compiled.create_infer_request()
        self.data = numpy.random.default_rng(0).standard_normal(shape).astype(numpy.float32)
        self.seconds = collections.defaultdict(list)
        self.run()

    def run(self):
        start = time.perf_counter()
        self.request.infer([self.data])
        seconds = time.perf_counter() - start
        for node in self.request.profiling_info:
            if node.status == node.Status.EXECUTED:
                self.seconds[node.node_name].append(node.real_time.total_seconds())
        return seconds


def times(paths):
    """For each model the nodes in the order in which they run, with the name of the operator that each was made of and
    the seconds that they took."""
    networks = [Network(path) for path in paths]
    for _ in range(rounds(networks)):
        for network in networks:
            network.run()
    return [
        [[name, max(typical(seconds[1:]), 1e-9)] for name, seconds in network.seconds.items()] for network in networks]
