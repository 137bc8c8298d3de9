"""How many threads can burn CPU at once to any use."""

import math
import os


def useful_threads(cpus: int, quota_cpus: float | None) -> int:
    """CPUs this process may run on, or the whole CPUs its quota is worth if that is fewer.

    Beyond the quota all threads would be throttled together, the one that answers probes included.
    """
    if quota_cpus is None:
        return cpus
    return max(1, min(cpus, math.ceil(quota_cpus)))


def allowed_cpus() -> int:
    """CPUs the kernel lets this process run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
