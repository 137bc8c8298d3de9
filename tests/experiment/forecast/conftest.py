import os

# Tests run the plain source, wherever numba is installed: compiling takes longer than they do.
os.environ["NUMBA_DISABLE_JIT"] = "1"
