# Runs a model in ONNX Runtime.
import sys
import time

try:
    import numpy
    import onnxruntime
except ImportError as error:
    sys.exit(f"{error}; run: pip install onnxruntime numpy")

VERSION = onnxruntime.__version__
sessions = {}


def load(path, threads, batch):
    """What computes some images at a time, and how many."""
    if threads not in sessions:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Its threads spin while it runs, as is usual, but not into the other engine's turn.
        options.add_session_config_entry("session.force_spinning_stop", "1")
        sessions[threads] = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"])
    session = sessions[threads]
    source = session.get_inputs()[0]
    shape = [d if isinstance(d, int) else (batch if i == 0 else 1) for i, d in enumerate(source.shape)]
    data = numpy.random.default_rng(0).standard_normal(shape).astype(numpy.float32)
    return lambda: session.run(None, {source.name: data}), shape[0]
