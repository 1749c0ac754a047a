# Times a model in ONNX Runtime, for `sculpt bench --against onnxruntime`.
# Reads lines "THREADS BATCH REPEATS" and answers each with the seconds that one repeat took.
import sys
import time

try:
    import numpy
    import onnxruntime
except ImportError as error:
    sys.exit(f"{error}; run: pip install onnxruntime numpy")

path = sys.argv[1]
sessions = {}
print("ready", onnxruntime.__version__, flush=True)
for line in sys.stdin:
    threads, batch, repeats = map(int, line.split())
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
    rounds = max(1, batch // shape[0])
    data = numpy.random.default_rng(0).standard_normal(shape).astype(numpy.float32)
    session.run(None, {source.name: data})
    start = time.perf_counter()
    for _ in range(repeats * rounds):
        session.run(None, {source.name: data})
    print((time.perf_counter() - start) / repeats, flush=True)
