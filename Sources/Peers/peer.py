

# Reads lines "THREADS BATCH REPEATS" and answers each with the seconds that one repeat took.
print("ready", VERSION, flush=True)
for line in sys.stdin:
    threads, batch, repeats = map(int, line.split())
    run, images = load(sys.argv[1], threads, batch)
    run()
    start = time.perf_counter()
    for _ in range(repeats * max(1, batch // images)):
        run()
    print((time.perf_counter() - start) / repeats, flush=True)
