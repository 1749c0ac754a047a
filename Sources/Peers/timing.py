import collections
import json
import os
import platform
import sys
import tempfile
import time

try:
    import numpy
except ImportError as error:
    sys.exit(f"{error}; run: pip install numpy")

# Long enough that microseconds, in which times are given, average out.
SECONDS, LEAST, MOST = 0.05, 20, 100


def typical(seconds):
    """The mean of the faster half, which was disturbed least."""
    return float(numpy.mean(sorted(seconds)[:len(seconds) // 2 + 1]))


def rounds(networks):
    return int(min(max(SECONDS / max(network.run() for network in networks), LEAST), MOST))


