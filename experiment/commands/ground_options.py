"""What runs of sweeps and searches are on, as options of both commands."""

import argparse
from typing import Any

from experiment.commands.checked import checked
from experiment.errors import ExperimentError
from experiment.knative.names import parse_service_name
from experiment.sweep.grounds import GROUNDS
from experiment.sweep.spec import SweepSpec
from shapes.quantities import parse_seed

SEED_BITS = 32
"""Of a seed that is drawn."""


def add_ground_options(parser: argparse.ArgumentParser) -> None:
    """Add `--ground`, `--ksvc`, `--in-cluster`, `--seed`, and what each ground has of its own."""
    parser.add_argument(
        "--ground", choices=tuple(GROUNDS), help="what runs are on; local, cluster with --ksvc"
    )
    parser.add_argument(
        "--ksvc", type=parse_service_name, metavar="NS/NAME", help="the Knative Service under load"
    )
    parser.add_argument(
        "--in-cluster", type=int, metavar="W", help="W pods send, in place of this machine"
    )
    parser.add_argument(
        "--seed", type=checked(parse_seed), metavar="N", help="of order and arrivals; drawn"
    )
    for module in GROUNDS.values():
        module.add_options(parser)


def given_of_ground(options: argparse.Namespace) -> dict[str, Any]:
    """The same as keys of a spec; None where an option is not given."""
    return {
        "ground": options.ground,
        "ksvc": "/".join(options.ksvc) if options.ksvc else None,
        "in_cluster": options.in_cluster,
    }


def ground_of(spec: SweepSpec) -> str:
    """The name of the ground that a spec asks for.

    Raises:
        ExperimentError: for a cluster without a Service.
    """
    ground = spec.ground or ("cluster" if spec.ksvc else "local")
    if ground == "cluster" and spec.ksvc is None:
        raise ExperimentError("ground is cluster and no Service is named; valid: --ksvc NS/NAME")
    return ground
