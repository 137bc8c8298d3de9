"""What machine it is and how busy it was: numbers of a busy one are worth less."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

_STEAL = 7
_USED = slice(0, 8)
"""Fields of a line of /proc/stat (proc(5)): user, nice, system, idle, iowait, irq, softirq, steal;
guest time is in user already."""
_IDLE = (3, 4)


@dataclass(frozen=True)
class Ticks:
    """What /proc/stat counted since the machine started.

    Attributes:
        total: All ticks of all cores.
        idle: Of these, with nothing to do.
        steal: Of these, taken by other guests of the host.
    """

    total: int
    idle: int
    steal: int


def ticks(stat: str) -> Ticks:
    """Read the first line of /proc/stat."""
    counts = [int(word) for word in stat.split("\n", 1)[0].split()[1:]][_USED]
    return Ticks(sum(counts), sum(counts[field] for field in _IDLE), counts[_STEAL])


def ticks_now() -> Ticks | None:
    """As the kernel says now; None where it is not Linux."""
    path = Path("/proc/stat")
    return ticks(path.read_text(encoding="ascii")) if path.exists() else None


def shares(before: Ticks | None, after: Ticks | None) -> dict[str, float | None]:
    """Shares of all cores' time that were busy, and that were stolen."""
    if before is None or after is None or after.total == before.total:
        return {"busy": None, "steal": None}
    total = after.total - before.total
    return {
        "busy": 1 - (after.idle - before.idle) / total,
        "steal": (after.steal - before.steal) / total,
    }


def cpu_model() -> str:
    """The processor's name, or "unknown"."""
    path = Path("/proc/cpuinfo")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else "unknown"


def described() -> dict[str, object]:
    """The machine, and its load now (processes that wanted a core in the last minute)."""
    return {
        "cpu_model": cpu_model(),
        "cores": os.cpu_count(),
        "kernel": os.uname().release,
        "load_1min": os.getloadavg()[0],
    }
