import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openloop.precedence import FIRST_NICENESS, come_first, leave_cpu_to_others

WITH_A_THREAD = """
import threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
print("ready", flush=True)
time.sleep(60)
"""
FIRST = "import os; from openloop.precedence import come_first; print(come_first(), os.nice(0))"
linux = pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="of Linux alone")


@pytest.fixture
def process() -> Iterator[subprocess.Popen]:
    """With two threads."""
    started = subprocess.Popen([sys.executable, "-c", WITH_A_THREAD], stdout=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stdout.readline() == b"ready\n"
    yield started
    started.kill()
    started.communicate()


def threads_of(pid: int) -> list[int]:
    return [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()]


@linux
def test_all_threads_of_a_process_leave_the_cpu_to_others(process):
    assert leave_cpu_to_others(process.pid)
    policies = [os.sched_getscheduler(thread) for thread in threads_of(process.pid)]
    assert policies == [os.SCHED_IDLE] * 2


@linux
def test_this_process_stays_as_it_was(process):
    leave_cpu_to_others(process.pid)
    assert os.sched_getscheduler(0) != os.SCHED_IDLE


def test_a_process_that_has_gone_is_no_error(process):
    process.kill()
    process.wait()
    assert not leave_cpu_to_others(process.pid)


def test_where_it_is_not_allowed_nothing_changes(process, monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refused, raising=False)
    monkeypatch.setattr(os, "nice", refused)
    assert not leave_cpu_to_others(process.pid)
    assert not come_first()


def test_elsewhere_nothing_is_asked(monkeypatch):
    monkeypatch.delattr(os, "SCHED_IDLE", raising=False)
    assert not leave_cpu_to_others(os.getpid())


@linux
def test_a_process_comes_first_as_far_as_it_may():
    done = subprocess.run(
        [sys.executable, "-c", FIRST], capture_output=True, text=True, check=True
    ).stdout.split()
    before = os.nice(0)
    assert done in (["True", str(max(before + FIRST_NICENESS, -20))], ["False", str(before)])
