"""`python -m experiment search`: the highest rate that meets its limits, by runs."""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from secrets import randbits

from experiment.commands.checked import checked, checked_text
from experiment.commands.ground_options import (
    SEED_BITS,
    add_ground_options,
    given_of_ground,
    ground_of,
)
from experiment.errors import ExperimentError
from experiment.search.asked import Asked, check_aim
from experiment.search.session import SearchSession, conduct_search
from experiment.search.tries import Aim
from experiment.sweep.reporting import report_later, report_on
from experiment.sweep.spec import SweepSpec, read_mapping, spec_from
from shapes.laws import parse_law
from shapes.quantities import parse_duration_s, parse_rate_rps
from verdict.checks import parse_check

RESULTS = Path("results")
DESCRIPTION = """\
The highest rate at which a target meets its limits, by runs with seeds of their own: rates double
until one fails, then the bracket is halved (in ratios), both its ends are repeated, and the passing
rate is tried again coming from an overload, for some targets do not recover (hysteresis).

  python -m experiment search --slo "p99<800ms" --slo "success>=0.99" --spin 100ms --duration 1m
  python -m experiment search --slo "p99<1s" --ksvc loadtest/worker --from 5 --to 200
  python -m experiment search --slo "p99<1s" --ground simulated --spec service.yaml

A rate passes when more than half of its runs met all limits without overload. The same command
goes on with a search that was stopped or killed.

exit codes: 0 over, its answer printed; 2 bad input, before any load; 3 a run was INVALID or could
            not be done, so it ends without the answer; 5 it cannot go on (disk full, target or API
            gone), its state is kept; 130, 143 by a signal
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "search",
        help="the highest rate that meets its limits",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handler=search)
    parser.add_argument(
        "--slo",
        action="append",
        required=True,
        type=checked_text(parse_check),
        metavar="LIMIT",
        help='as "p99<800ms"',
    )
    _add_aim(parser)
    _add_load(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="its folder; results/search-GROUND-LIMITS"
    )
    parser.add_argument(
        "--spec",
        metavar="FILE",
        help="further keys of a sweep's YAML, as model, host, pin, initial, locust, one of arms",
    )
    parser.add_argument("--no-report", action="store_true", help="leave the report for later")
    add_ground_options(parser)


def search(options: argparse.Namespace) -> int:
    """Search; the exit code.

    Raises:
        ExperimentError: for bad input, before any load.
    """
    spec = _spec(options)
    ground = ground_of(spec)
    aim = Aim(options.low, options.high, options.precision, options.confirm, options.most_runs)
    seed = randbits(SEED_BITS) if options.seed is None else options.seed
    on = spec.ksvc.replace("/", "-") if spec.ksvc else ground
    return conduct_search(
        SearchSession(
            folder=options.out or RESULTS / f"search-{on}-{_as_name(spec.checks)}",
            asked=Asked(check_aim(aim), spec, seed),
            seed_given=options.seed is not None,
            ground=ground,
            options=options,
            report=report_later if options.no_report else report_on,
        )
    )


def _spec(options: argparse.Namespace) -> SweepSpec:
    """Load, limits and ground as a sweep of one cell has them."""
    given = {
        **given_of_ground(options),
        "laws": [options.distribution],
        "spins": [options.spin],
        "duration": options.duration,
        "warm_up": options.warm_up,
        "timeout": options.grpc_timeout,
        "checks": options.slo,
        "rates_rps": [options.low],
        "repetitions": 1,
    }
    beside = read_mapping(options.spec) if options.spec else {}
    twice = sorted(key for key in beside if given.get(key) is not None)
    if twice:
        raise ExperimentError(f"--spec {options.spec}: {twice[0]} is an option here; leave it out")
    kept = {key: value for key, value in given.items() if value is not None}
    spec = spec_from({"name": "search", **beside, **kept}, options.spec or "search")
    if len(spec.arms) > 1:
        raise ExperimentError(f"--spec {options.spec}: {len(spec.arms)} arms; valid: one")
    return spec


def _as_name(limits: Sequence[str]) -> str:
    """The same for the same limits, so that the same command goes on with it."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", "-".join(limits)).strip("-.")[:60]


def _add_aim(parser: argparse.ArgumentParser) -> None:
    rate = checked(parse_rate_rps)
    parser.add_argument("--from", dest="low", type=rate, default=1.0, metavar="RPS", help="1")
    parser.add_argument("--to", dest="high", type=rate, default=1000.0, metavar="RPS", help="1000")
    parser.add_argument(
        "--precision",
        type=_share,
        default=0.05,
        metavar="SHARE",
        help="how close passing and failing rate must be; 5%%",
    )
    parser.add_argument(
        "--confirm", type=_count, default=3, metavar="N", help="runs at each end, and from above; 3"
    )
    parser.add_argument("--most-runs", type=_count, default=40, metavar="N", help="in all; 40")


def _add_load(parser: argparse.ArgumentParser) -> None:
    for flag, default, parse, help_ in (
        ("--duration", "2m", parse_duration_s, "of the arrivals of one run; 2m"),
        ("--warm-up", "30s", parse_duration_s, "left out at its begin; 30s"),
        ("--spin", "100ms", parse_duration_s, "CPU time of a call; 100ms"),
        ("--grpc-timeout", "30s", parse_duration_s, "deadline of a call; 30s"),
        ("--distribution", "poisson", parse_law, "law of the arrivals; poisson"),
    ):
        parser.add_argument(flag, default=default, type=checked_text(parse), help=help_)


def _share(text: str) -> float:
    try:
        return float(text.removesuffix("%")) / 100
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}; valid: a share as 5%") from None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}; valid: a whole number from 1")
    return int(text)
