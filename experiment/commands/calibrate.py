"""`python -m experiment calibrate`: what calls take alone, the denominator of slowdown."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from experiment.calibration.errors import NotCalibrated
from experiment.calibration.isolated import WARM_UPS
from experiment.calibration.measure import calibrate_call, calibrate_spins
from experiment.calibration.option_values import (
    parse_calls,
    parse_spins_s,
)
from experiment.calibration.spread import FEWEST_CALLS, Spread
from experiment.commands.checked import checked, checked_text
from experiment.commands.cluster_options import add_cluster_options
from experiment.doctor.examination import find_way
from experiment.doctor.question import Question
from experiment.errors import ExperimentError
from experiment.knative.names import parse_service_name
from experiment.knative.service import read_service
from experiment.knative.ways import Way
from experiment.kube import open_cluster
from experiment.launch.local_worker import local_worker
from grpc_user.channels import ChannelSettings
from grpc_user.json_rows import check_data_text
from grpc_user.option_values import parse_call_path, parse_metadata, parse_timeout_s
from grpc_user.targets import Target, check_authority, check_plain_text, parse_targets
from grpc_user.tls import TlsFiles
from records.calibration import Calibration
from records.json_file import write_json
from shapes.errors import InvalidValue
from verdict.wording import say_share, say_time

MOST_SPREAD = 0.05
MOST_CONTENTION = 0.02
"""Of the median; with more the machine was busy with something else."""
DEFAULT_SPINS = "100ms"
DESCRIPTION = f"""\
Calls the target one call at a time, nobody else beside, and writes the median of each kind of
call to a file. A run with `--calibration FILE` counts slowdown against it.

  python -m experiment calibrate --host localhost:50052 --spin 100ms,500ms,1s
  python -m experiment calibrate --ksvc loadtest/worker --spin 100ms
  python -m experiment calibrate --host shop:80 --call shop.Quote/Get --data @rows.jsonl

At least {FEWEST_CALLS} calls of each kind, after {WARM_UPS} that are not counted. An
instance's first call does not count. Without --host and --ksvc: a spin worker of its own on
this machine.

exit codes: 0 written; 2 bad input, or a call failed: nothing is written
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "calibrate",
        help="what calls take alone: the denominator of slowdown",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handler=calibrate)
    _add_target(parser)
    parser.add_argument(
        "--spin", type=checked(parse_spins_s), default=None, metavar="TIME,…", help=DEFAULT_SPINS
    )
    parser.add_argument(
        "--call", type=checked(parse_call_path), default=None, metavar="package.Service/Method"
    )
    parser.add_argument(
        "--data", type=checked_text(check_data_text), help="its requests, as in a run"
    )
    parser.add_argument("--protoset", default="", metavar="FILE", help="where it has no reflection")
    parser.add_argument("--metadata", type=checked(parse_metadata), default=(), metavar="N=V,…")
    parser.add_argument(
        "--calls",
        type=checked(parse_calls),
        default=FEWEST_CALLS,
        metavar="N",
        help=f"of each kind; {FEWEST_CALLS} at least",
    )
    parser.add_argument(
        "--timeout", type=checked(parse_timeout_s), default=30.0, metavar="TIME", help="of a call"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("calibration.json"),
        metavar="FILE",
        help="calibration.json; one that is there is not replaced",
    )
    add_cluster_options(parser)


def calibrate(options: argparse.Namespace) -> int:
    """Measure, write and tell.

    Raises:
        ExperimentError: for bad input, or when a call fails; nothing is written then.
    """
    _refuse(options)
    try:
        with _target(options) as (target, settings):
            calibration, spreads = _measured(options, target, settings)
    except InvalidValue as error:
        raise ExperimentError(str(error)) from None
    _write(options.out, calibration)
    _tell(options, calibration, spreads)
    return 0


def _measured(
    options: argparse.Namespace, target: Target, settings: ChannelSettings
) -> tuple[Calibration, list[Spread]]:
    question = Question(
        options.call or "",
        options.data or "",
        options.protoset,
        options.metadata,
        options.timeout,
    )
    if options.call:
        return calibrate_call(target, settings, question, options.calls)
    spins_s = options.spin or parse_spins_s(DEFAULT_SPINS)
    calls_s = (options.calls + WARM_UPS) * sum(spins_s)
    _say(f"{options.calls} calls at each of {len(spins_s)} spins, about {calls_s:.0f} s")
    return calibrate_spins(target, settings, spins_s, options.calls, question)


@contextmanager
def _target(options: argparse.Namespace) -> Iterator[tuple[Target, ChannelSettings]]:
    tls = TlsFiles(options.grpc_tls_ca)
    if options.host:
        targets = parse_targets(options.host)
        check_plain_text(targets, tls=tls.given, insecure=options.insecure)
        yield targets[0], ChannelSettings(tls, options.authority or "")
    elif options.ksvc:
        way = _way(options, tls)
        yield parse_targets(way.host)[0], ChannelSettings(tls, way.authority)
    else:
        with local_worker() as address:
            yield parse_targets(address)[0], ChannelSettings()


def _way(options: argparse.Namespace, tls: TlsFiles) -> Way:
    cluster = open_cluster(options.kubeconfig, options.context)
    try:
        way = find_way(cluster, read_service(cluster, *options.ksvc), tls)
    finally:
        cluster.close()
    if way is None:
        name = "/".join(options.ksvc)
        raise NotCalibrated(
            f"no way from here to {name} was found; valid: --host HOST:PORT --authority HOST"
        )
    return way


def _refuse(options: argparse.Namespace) -> None:
    if options.call and options.spin:
        raise ExperimentError("--call and --spin: the spin call is another; valid: one of them")
    if options.host and options.ksvc:
        raise ExperimentError("--host and --ksvc: two targets; valid: one of them")
    if options.call and not (options.host or options.ksvc):
        raise ExperimentError("--call needs a target; valid: --host HOST:PORT or --ksvc NS/NAME")
    if options.out.exists():
        raise ExperimentError(f"--out {options.out} is there already; valid: another name")
    if not os.access(options.out.parent, os.W_OK):
        raise ExperimentError(
            f"--out {options.out}: its folder is not there or cannot be written; valid: one that is"
        )


def _write(path: Path, calibration: Calibration) -> None:
    try:
        write_json(path, calibration.as_dict())
    except OSError as error:
        raise ExperimentError(f"--out {path}: {error.strerror}") from None


def _tell(options: argparse.Namespace, calibration: Calibration, spreads: Sequence[Spread]) -> None:
    names = [f"spin {say_time(spin_s)}" for spin_s, _ in calibration.by_spin] or [options.call]
    for name, spread in zip(names, spreads, strict=True):
        low, high = say_time(spread.low_s), say_time(spread.high_s)
        _say(
            f"{name} takes {say_time(spread.median_s)} alone (quartiles {low} to {high},"
            f" {say_share(spread.share)} apart){_doubt(spread)}"
        )
    _say(f"written to {options.out}; runs take it by --calibration {options.out}")


def _doubt(spread: Spread) -> str:
    if spread.contention_s > MOST_CONTENTION * spread.median_s:
        return f": NOT QUIET, {say_time(spread.contention_s)} of it waiting for a CPU; do it again"
    return ": not quiet, slowdown will be as uncertain" if spread.share > MOST_SPREAD else ""


def _say(text: str) -> None:
    sys.stdout.write(f"calibrate: {text}\n")
    sys.stdout.flush()


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", type=checked_text(parse_targets), metavar="HOST:PORT")
    parser.add_argument("--authority", type=checked_text(check_authority), metavar="HOST")
    parser.add_argument("--ksvc", type=parse_service_name, metavar="NS/NAME")
    parser.add_argument("--grpc-tls-ca", default="", metavar="FILE", help="roots to trust")
    parser.add_argument("--insecure", action="store_true", help="plain text to any name")
