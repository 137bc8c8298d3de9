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


def test_ctrl_c_does_not_reach_it_and_who_gives_way_to_it_does(drive, spin_host):
    pid = drive(spin_host).handle.pid
    assert os.getpgid(pid) == pid != os.getpgid(0)
    assert os.getsid(pid) == os.getsid(0)  # Linux shares the CPU out by sessions first


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
