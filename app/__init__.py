"""Descent: gradient descent on real models, live, with the numbers behind every symbol.

Importing any part of the package holds BLAS to one thread, which must happen before NumPy is first imported: the
matrices here are small, and a fixed number of threads is part of why a replay is bit-identical.
"""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_variable] = "1"

__version__ = "0.1.0"
