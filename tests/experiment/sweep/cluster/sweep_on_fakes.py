"""`python -m tests.experiment.sweep.cluster.sweep_on_fakes RUN ARG...`: `experiment`, quick runs.

The cluster is asked as it is for a real sweep; a run of load is a copy of RUN, and neither Locust
nor the doctor is asked before.
"""

import sys

from experiment.__main__ import main
from experiment.launch.locust_options import LocustOptions
from experiment.sweep.cluster import ground
from experiment.sweep.cluster.run_command import RunCommand


class CopiedRun(RunCommand):
    """A run that takes no time."""

    def arguments(self, run, folder):
        return ["tests.experiment.sweep.cluster.copied_run", sys.argv[1], str(folder)]


if __name__ == "__main__":
    ground.RunCommand = CopiedRun
    ground.examine = lambda *_, **__: None
    ground.read_locust_options = lambda _: LocustOptions({}, ())
    sys.exit(main([*sys.argv[2:], "--no-report"]))
