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


def images(shape, batch):
    """Made-up values of a shape, in which None is open: the batch if it is the first."""
    shape = [(batch if place == 0 else 1) if extent is None else extent for place, extent in enumerate(shape)]
    return numpy.random.default_rng(0).standard_normal(shape).astype(numpy.float32)


