"""Sweeps of light runs: all that conducts a sweep is real, the load is not.

`python -m tests.experiment.sweep.light_sweep FOLDER JSON` conducts one as the command does.
"""

import json
import resource
import sys
from argparse import Namespace
from pathlib import Path

from experiment.errors import ExperimentError
from experiment.sweep import grounds, sweep_folder
from experiment.sweep.carrying.carried import Carried, carry, end_orphan
from experiment.sweep.ground import ApiGone, NotPrepared
from experiment.sweep.logs import log_of
from experiment.sweep.session import Session, conduct_session
from experiment.sweep.spec import SweepSpec, spec_from

BEGINS = "begins"


class LightGround:
    def __init__(self, spec: SweepSpec, folder: Path) -> None:
        self.how = spec.model
        self.folder = folder
        self.carried = None
        self.restored = 0

    def prepare(self, run, arm, note):
        note("waited", **{"for": "nothing"}, seconds=0.0, reached=True)
        if run.run_id in self.how.get("not_prepared", ()):
            raise NotPrepared("the pods did not become ready within 5m")
        if (self.folder.parent / "api-is-gone").exists():
            raise ApiGone("the API at example:6443 does not answer")

    def run(self, run, folder, begun):
        command = ["tests.experiment.sweep.light_run", str(folder), json.dumps(self.how)]
        self.carried = Carried(command, log_of(self.folder, folder.name))
        return carry(self.carried, begun, 120.0)

    def stop(self, number):
        if self.carried is not None:
            self.carried.stop(number)

    def stop_orphan(self, started):
        end_orphan(started.fields)

    def restore(self, note):
        self.restored += 1


class LightModule:
    def cores_of(self, spec, arm):
        return spec.cores

    def describe(self, spec):
        return "nothing"

    def add_options(self, parser):
        pass

    def calibrated_by(self, spec, options):
        return None

    def make_ground(self, spec, folder, options):
        return LightGround(spec, folder)


def light_spec(**changes) -> SweepSpec:
    rates = {"name": "light", "rates_rps": [1, 2], "laws": ["poisson"], "duration": "10s"}
    return spec_from({**rates, "repetitions": 2, **changes}, "light")


def conduct(folder: Path, spec: SweepSpec, only: str | None = None, ground: str = "local") -> int:
    grounds.GROUNDS[ground] = LightModule()
    plan = sweep_folder.planned(spec, ground, folder.name, 7, 1.0)
    return conduct_session(Session(folder, plan, spec, only, Namespace(), lambda _: "no report"))


def main() -> int:
    folder, asked = Path(sys.argv[1]), json.loads(sys.argv[2])
    spec = light_spec(**asked["spec"])
    if limit := asked.get("largest_file_bytes"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    sys.stdout.write(f"{BEGINS}\n")
    sys.stdout.flush()
    try:
        return conduct(folder, spec)
    except ExperimentError as error:
        sys.stderr.write(f"experiment: {error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
