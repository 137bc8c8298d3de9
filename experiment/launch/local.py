"""A run from this machine: Locust as a process."""

import os
import subprocess

from experiment.launch.plan import RunPlan
from experiment.launch.processes import on_signals, start_tied
from experiment.launch.telling import say

DEFAULTS = {
    "LOCUST_ONLY_SUMMARY": "true",
    # Overload of the target is a finding: failed requests alone are no failure of the run.
    "LOCUST_EXIT_CODE_ON_ERROR": "0",
}


def run_here(plan: RunPlan, arguments: tuple[str, ...]) -> int:
    """Run Locust to its end; its exit code.

    The first Ctrl-C or SIGTERM ends the run as Locust ends it, calls under way waited for; the
    second ends Locust.

    Args:
        plan: The run.
        arguments: Locust's, as they were given.
    """
    unset = {name: value for name, value in DEFAULTS.items() if name not in os.environ}
    locust = start_tied(
        "locust",
        "--headless",
        *arguments,
        *plan.way_arguments,
        f"--run-id={plan.run_id}",
        f"--records={plan.results}",
        environment=unset,
    )

    def hand_on(number: int) -> None:
        say("stopping: calls under way are waited for, records and report follow")
        locust.send_signal(number)

    with on_signals(hand_on):
        return _wait(locust)


def _wait(locust: subprocess.Popen[bytes]) -> int:
    code = locust.wait()
    return 128 - code if code < 0 else code
