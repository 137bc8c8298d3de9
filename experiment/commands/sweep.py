"""`python -m experiment sweep SPEC`: all runs of a grid, through any interruption."""

import argparse
import sys
import time
from pathlib import Path
from secrets import randbits

from experiment.commands.ground_options import (
    SEED_BITS,
    add_ground_options,
    given_of_ground,
    ground_of,
)
from experiment.sweep.grounds import GROUNDS
from experiment.sweep.plan_in_words import plan_in_words
from experiment.sweep.reporting import report_later, report_on
from experiment.sweep.session import Session, conduct_session
from experiment.sweep.spec import SweepSpec, read_spec, spec_from
from experiment.sweep.sweep_folder import default_folder, planned, sweep_id_of

DESCRIPTION = """\
Runs a grid of loads, each in every arm and as often as asked, in randomised complete blocks: by
Locust on this machine, on a Knative Service, or on a model of one. SPEC is a preset or a YAML file.

  python -m experiment sweep quick                       15 minutes on two cores, every figure
  python -m experiment sweep seed --dry-run              200 cells, 40 hours: the plan alone
  python -m experiment sweep quick --ground simulated    the same on a model, no load
  python -m experiment sweep arms.yaml --ksvc loadtest/worker

The same command goes on with a sweep that was stopped or killed. docs/sweeps.md has the keys.

exit codes: 0 all runs are over; 1 some were given up; 2 bad input, before any load; 5 the sweep
            cannot go on (disk full, target or API gone), its state is kept; 130, 143 by a signal
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "sweep",
        help="a grid of runs that survives interruptions",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handler=sweep)
    parser.add_argument("spec", metavar="SPEC", help="preset (seed, quick) or YAML file")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of the sweep; results/sweep-NAME-GROUND"
    )
    parser.add_argument(
        "--only", metavar="PATTERN", help="now only runs of that id, as 'poisson-*-r1'"
    )
    parser.add_argument("--no-report", action="store_true", help="leave the report for later")
    parser.add_argument("--dry-run", action="store_true", help="show the plan, do nothing")
    add_ground_options(parser)


def sweep(options: argparse.Namespace) -> int:
    """Conduct, or show the plan; the exit code.

    Raises:
        ExperimentError: for bad input, before any load.
    """
    spec = _asked(options)
    ground = ground_of(spec)
    folder = options.out or default_folder(spec, ground)
    plan = planned(spec, ground, sweep_id_of(folder), randbits(SEED_BITS), time.time())
    if options.dry_run:
        lines = plan_in_words(plan, GROUNDS[ground].describe(spec))
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 0
    report = report_later if options.no_report else report_on
    return conduct_session(Session(folder, plan, spec, options.only, options, report))


def _asked(options: argparse.Namespace) -> SweepSpec:
    """The spec with what the command line says in its place."""
    spec = read_spec(options.spec)
    given = {**given_of_ground(options), "seed": options.seed}
    changed = {key: value for key, value in given.items() if value is not None}
    return spec_from({**spec.as_mapping(), **changed}, options.spec) if changed else spec
