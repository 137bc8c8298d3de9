"""What faults need of the machine beyond an ordinary process; else they are skipped, aloud."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

CLONE_NEWTIME = 0x80
IP = shutil.which("ip") or "ip"

SHIFTED_PYTHON = """#!{python}
import ctypes, os, sys
if ctypes.CDLL(None).unshare({flag}):
    sys.exit("no time namespace")
open("/proc/self/timens_offsets", "w").write("monotonic {seconds} {nanoseconds}")
os.execv({python!r}, [{python!r}, *sys.argv[1:]])
"""
PYTHON_ELSEWHERE = """#!/bin/sh
exec {ip} netns exec {namespace} {python} "$@"
"""


def not_run(reason: str) -> None:
    """Skip, and let the reason be found in the output."""
    pytest.skip(f"FAULT NOT RUN: {reason}")


def _executable(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def shifted_python(folder: Path, name: str, shift_ms: int) -> str:
    """An interpreter whose monotonic clock is shifted, by a time namespace of the kernel."""
    seconds, milliseconds = divmod(shift_ms, 1000)
    text = SHIFTED_PYTHON.format(
        python=sys.executable,
        flag=CLONE_NEWTIME,
        seconds=seconds,
        nanoseconds=milliseconds * 1_000_000,
    )
    return _executable(folder / f"python-{name}", text)


def python_in_namespace(folder: Path, namespace: str) -> str:
    """An interpreter in a network namespace."""
    text = PYTHON_ELSEWHERE.format(ip=IP, namespace=namespace, python=sys.executable)
    return _executable(folder / f"python-{namespace}", text)


@cache
def require_time_namespaces() -> None:
    """Skip where the kernel or the user has none."""
    probe = f"import ctypes; raise SystemExit(ctypes.CDLL(None).unshare({CLONE_NEWTIME}))"
    if not Path("/proc/self/timens_offsets").exists() or _fails([sys.executable, "-c", probe]):
        not_run("clocks can only be shifted by root, in a time namespace")


@cache
def require_network_namespaces() -> None:
    """Skip where there is no `ip netns`, or no right to use it."""
    if os.geteuid() != 0 or shutil.which(IP) is None:
        not_run("a network can only be cut by root, with iproute2")
    name = f"probe-{os.getpid()}"
    if _fails([IP, "netns", "add", name]):
        not_run("the kernel gives no network namespace")
    subprocess.run([IP, "netns", "del", name], check=True)


def _fails(line: list[str]) -> bool:
    return subprocess.run(line, capture_output=True, check=False).returncode != 0
