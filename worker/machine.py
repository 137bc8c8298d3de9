"""What calls run on: clocks, turns on the CPUs, and what the kernel says of throttling."""

from collections.abc import Callable
from dataclasses import dataclass

from worker.cgroup import own_folder, quota_cpus, throttled_us_reader
from worker.cpus import allowed_cpus, useful_threads
from worker.spin import SYSTEM_CLOCKS, Clocks
from worker.turns import Turns


@dataclass(frozen=True)
class Machine:
    """The parts that calls share. `throttled_so_far_us` is of the whole instance."""

    turns: Turns
    throttled_so_far_us: Callable[[], int]
    clocks: Clocks = SYSTEM_CLOCKS


def this_machine() -> Machine:
    """The one this process is on, with as many turns at once as CPUs it may use."""
    folder = own_folder()
    at_once = useful_threads(allowed_cpus(), quota_cpus(folder))
    return Machine(turns=Turns(at_once), throttled_so_far_us=throttled_us_reader(folder))
