"""What the kernel says of this process's cgroup, v1 or v2: its CPU quota and its throttling."""

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


def parse_quota_cpus(quota_and_period: str) -> float | None:
    """CPUs' worth of time allowed, from "QUOTA PERIOD" in microseconds; None without a limit.

    The text is that of v2's `cpu.max`, or v1's `cpu.cfs_quota_us` and `cpu.cfs_period_us`.
    """
    try:
        quota, period = (int(word) for word in quota_and_period.split())
    except ValueError:  # "max 100000" among others
        return None
    return quota / period if quota > 0 and period > 0 else None


def folders(proc_cgroup: str, root: Path) -> Iterator[Path]:
    """Where this process's CPU controller may be, best first, from /proc/self/cgroup's text.

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
            yield mount / path.lstrip("/")
            yield mount


def own_folder(proc_cgroup: Path = CGROUPS_OF_THIS_PROCESS, root: Path = CGROUP_ROOT) -> Path:
    """The folder of this process's CPU controller; `root` when none says anything of it."""
    candidates = folders(_text_of(proc_cgroup), root)
    tells = (folder for folder in candidates if _tells(folder))
    return next(tells, root)


def quota_cpus(folder: Path) -> float | None:
    """CPUs' worth of time this cgroup may use; None without a limit."""
    v1 = (_text_of(folder / name) for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us"))
    return parse_quota_cpus(_text_of(folder / "cpu.max") or " ".join(v1))


def throttled_us_reader(folder: Path) -> Callable[[], int]:
    """A function that reads the throttled time so far; it says 0 where the kernel says nothing.

    It keeps the file open: one system call a reading, from any thread.
    """
    if not _tells(folder):
        return lambda: 0
    descriptor = os.open(folder / "cpu.stat", os.O_RDONLY | os.O_CLOEXEC)

    def read() -> int:
        try:
            text = os.pread(descriptor, STAT_BYTES, 0).decode()
        except OSError:
            return 0
        return parse_throttled_us(text) or 0

    return read


def _tells(folder: Path) -> bool:
    return parse_throttled_us(_text_of(folder / "cpu.stat")) is not None


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
