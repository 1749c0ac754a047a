# Runs a model in OpenVINO.
import sys
import time

# Its telemetry forks, and without a network the fork outlives whoever asked.
sys.modules["openvino_telemetry"] = None
try:
    import numpy
    import openvino
except ImportError as error:
    sys.exit(f"{error}; run: pip install openvino numpy")

VERSION = openvino.__version__.split("-")[0]
core = openvino.Core()
requests = {}


def load(path, threads, batch):
    """What computes some images at a time, and how many."""
    if (threads, batch) not in requests:
        model = core.read_model(path)
        shape = [extent.get_length() if extent.is_static else (batch if i == 0 else 1)
                 for i, extent in enumerate(model.inputs[0].partial_shape)]
        model.reshape(shape)
        # Not bfloat16, which it chooses where the processor has it.
        compiled = core.compile_model(
            model, "CPU", {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"})
        data = numpy.random.default_rng(0).standard_normal(shape).astype(numpy.float32)
        requests[threads, batch] = compiled.create_infer_request(), data
    request, data = requests[threads, batch]
    return lambda: request.infer([data]), data.shape[0]
