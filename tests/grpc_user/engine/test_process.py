import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOADED = """
import sys
import grpc_user.engine.process
from gevent import monkey
kept_out = ("locust", "pandas", "pyarrow", "scipy", "flask")
print([name for name in kept_out if name in sys.modules], monkey.is_anything_patched())
"""


def test_the_engine_process_loads_no_locust_and_is_not_patched():
    ended = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "[] False\n"
