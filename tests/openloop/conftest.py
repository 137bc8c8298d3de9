import pytest
from gevent import monkey

if not monkey.is_module_patched("socket"):
    raise pytest.UsageError(
        "tests/openloop needs a patched process: "
        "python -m pytest -p tests.gevent_first tests/openloop"
    )
