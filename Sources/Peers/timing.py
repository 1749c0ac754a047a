

# Long enough that microseconds, in which times are given, average out.
SECONDS, LEAST, MOST = 0.05, 20, 100


def typical(seconds):
    """The mean of the faster half, which was disturbed least."""
    return float(numpy.mean(sorted(seconds)[:len(seconds) // 2 + 1]))


# What a call takes that computes nothing, if that is to be left out.
nothing = Network.nothing()
call = typical([nothing.run() for _ in range(MOST)]) if nothing else 0
# What being watched adds to each node of a model; less than nothing where what is between the nodes is more.
watching = {}


def times(paths):
    """For each model the nodes in the order in which they run, with the names that the engine gives them and the
    seconds that they took. They add up to what the first model takes when it is not watched."""
    networks = [Network(path, is_watched=True) for path in paths]
    plain = Network(paths[0], is_watched=False) if paths[0] not in watching else None
    rounds = int(min(max(SECONDS / max(network.run() for network in networks), LEAST), MOST))
    seconds = []
    for _ in range(rounds):
        for network in networks:
            network.run()
        if plain:
            seconds.append(plain.run() - call)
    nodes = [
        {name: typical(seconds[1:]) for name, seconds in network.seconds_of_nodes().items()} for network in networks]
    if plain:
        watching[paths[0]] = (sum(nodes[0].values()) - typical(seconds)) / max(1, len(nodes[0]))
    return [
        [[name, max(seconds - watching[paths[0]], 1e-9)] for name, seconds in network.items()] for network in nodes]


