"""How long the kernel kept this process's cgroup from the CPU: `cpu.stat` of cgroup v1 or v2."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

CGROUP_ROOT = Path("/sys/fs/cgroup")
CGROUPS_OF_THIS_PROCESS = Path("/proc/self/cgroup")
STAT_BYTES = 4096


def parse_throttled_us(cpu_stat: str) -> int | None:
    """Microseconds of throttling in a `cpu.stat`; None when it does not say.

    cgroup v2 has `throttled_usec`, v1 has `throttled_time` in nanoseconds.
    """
    lines = (line.partition(" ") for line in cpu_stat.splitlines())
    rows = {name: value for name, _, value in lines}
    try:
        if "throttled_usec" in rows:
            return int(rows["throttled_usec"])
        return int(rows["throttled_time"]) // 1000
    except (KeyError, ValueError):
        return None


def cpu_stat_candidates(proc_cgroup: str, root: Path = CGROUP_ROOT) -> Iterator[Path]:
    """Where the `cpu.stat` of this process may be, best first, from /proc/self/cgroup's text.

    A container that does not see its own cgroup's path has it mounted at the top.
    """
    for line in proc_cgroup.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if "cpu" in controllers.split(","):
            mounts = (root / controllers, root / "cpu")
        elif number == "0" and not controllers:
            mounts = (root, root / "unified")
        else:
            continue
        for mount in mounts:
            yield mount / path.lstrip("/") / "cpu.stat"
            yield mount / "cpu.stat"


def throttled_us_reader(
    proc_cgroup: Path = CGROUPS_OF_THIS_PROCESS, root: Path = CGROUP_ROOT
) -> Callable[[], int]:
    """A function that reads the throttled time so far; it says 0 where the kernel says nothing."""
    try:
        candidates = cpu_stat_candidates(proc_cgroup.read_text(encoding="utf-8"), root)
    except OSError:
        return lambda: 0
    for path in candidates:
        if path.is_file() and parse_throttled_us(_text_of(path)) is not None:
            return _reader(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
    return lambda: 0


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _reader(descriptor: int) -> Callable[[], int]:
    """Keeps the file open: one system call a reading, from any thread."""

    def read() -> int:
        try:
            text = os.pread(descriptor, STAT_BYTES, 0).decode()
        except OSError:
            return 0
        return parse_throttled_us(text) or 0

    return read
