"""The observer beside a run: a process of its own, begun before the load."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from experiment.launch.errors import GoesOn
from experiment.launch.plan import RunPlan
from experiment.launch.processes import end_started, start_tied
from experiment.launch.telling import say
from records.replica_rows import LIVE_NAME

BEGIN_S = 20.0
END_S = 20.0
LOOK_S = 0.05


@contextmanager
def observing(
    plan: RunPlan, cluster_arguments: Sequence[str], after_s: float = 0.0
) -> Iterator[None]:
    """Observe the Service into `plan.observed` while the block runs, and so much longer.

    What cannot be observed is said, and the run goes on.
    """
    service = f"{plan.service.namespace}/{plan.service.name}"
    observer = start_tied(
        "experiment",
        "observe",
        "--ksvc",
        service,
        "--folder",
        str(plan.observed),
        *cluster_arguments,
    )
    if not _has_begun(observer, plan.observed):
        say("the Service is not observed: the report will show no pods")
    try:
        yield
        if after_s:
            say(f"watching the pods for another {after_s:g} s")
            time.sleep(after_s)
    except GoesOn:
        end_started(observer, END_S)
        raise
    except BaseException:
        end_started(observer, END_S)
        shutil.rmtree(plan.observed, ignore_errors=True)  # there is no run that it belongs to
        raise
    end_started(observer, END_S)


def _has_begun(observer: subprocess.Popen[bytes], folder: Path) -> bool:
    end_s = time.monotonic() + BEGIN_S
    while observer.poll() is None and time.monotonic() < end_s:
        if (folder / LIVE_NAME).exists():
            return True
        time.sleep(LOOK_S)
    return False
