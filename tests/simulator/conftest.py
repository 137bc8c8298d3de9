import os

# Tests run the plain source, wherever numba is installed: failures show lines. One test compiles.
os.environ["NUMBA_DISABLE_JIT"] = "1"
