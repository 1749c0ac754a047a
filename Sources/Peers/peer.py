

# Reads lines "THREADS BATCH REPEATS" and answers each with the seconds that one repeat took.
networks = {}
print("ready", VERSION, flush=True)
for line in sys.stdin:
    threads, batch, repeats = map(int, line.split())
    if (threads, batch) not in networks:
        networks[threads, batch] = Network(sys.argv[1], threads, batch)
    network = networks[threads, batch]
    network.run()
    start = time.perf_counter()
    for _ in range(repeats * max(1, batch // network.images)):
        network.run()
    print((time.perf_counter() - start) / repeats, flush=True)
