"""What holds for all tests: how long an example takes on a busy machine is no property of ours."""

import os

from hypothesis import settings

# Tests run the plain source, wherever numba is installed: failures show lines. One test compiles.
os.environ["NUMBA_DISABLE_JIT"] = "1"

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
