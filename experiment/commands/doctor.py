"""`python -m experiment doctor`: names what is wrong with a Service or the way to it."""

import argparse
import sys
from collections.abc import Iterable

from experiment.commands.checked import checked, checked_text
from experiment.commands.cluster_options import add_cluster_options, ksvc_option
from experiment.doctor.checks import examine
from experiment.doctor.examination import Examination, gather
from experiment.doctor.facts import Facts
from experiment.doctor.findings import Finding, exit_code
from experiment.doctor.question import Question
from experiment.errors import ExperimentError
from experiment.knative.ways import Way
from experiment.kube import Cluster, open_cluster
from grpc_user.json_rows import check_data_text
from grpc_user.option_values import parse_call_path, parse_metadata, parse_timeout_s
from grpc_user.targets import check_authority, parse_targets
from grpc_user.tls import TlsFiles
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s

DESCRIPTION = """\
Reads the Service and its pods, asks whether a run may observe them, makes one call where the
Service can be reached from here, and prints what is wrong, each with the line that puts it right.

exit codes: 0 nothing stands in the way (warnings do not), 3 a fault was found,
            2 the question cannot be answered: bad input, no API
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "doctor",
        help="name what is wrong with a Service or the way to it, with the fix",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handler=doctor)
    ksvc_option(parser)
    parser.add_argument(
        "--from-here",
        type=checked_text(parse_targets),
        metavar="HOST:PORT",
        help="send the call there, with --authority, as a run with that --host would; "
        "default: the way that is found",
    )
    parser.add_argument("--authority", type=checked_text(check_authority), metavar="HOST")
    parser.add_argument(
        "--call",
        type=checked(parse_call_path),
        metavar="package.Service/Method",
        help="default: the spin call of this project's worker",
    )
    parser.add_argument(
        "--data", type=checked_text(check_data_text), help="its request as JSON, or @FILE of lines"
    )
    parser.add_argument("--metadata", type=checked(parse_metadata), default=(), metavar="N=V,…")
    parser.add_argument("--protoset", default="", metavar="FILE", help="where it has no reflection")
    parser.add_argument(
        "--spin",
        type=checked(parse_duration_s),
        default=0.1,
        metavar="TIME",
        help="the longest spin that runs will ask for, as 100ms; held against timeoutSeconds",
    )
    parser.add_argument(
        "--timeout",
        type=checked(parse_timeout_s),
        default=30.0,
        metavar="TIME",
        help="how long the call may take, a start from zero included; 30s",
    )
    parser.add_argument("--grpc-tls-ca", default="", metavar="FILE", help="roots to trust")
    add_cluster_options(parser)


def doctor(options: argparse.Namespace) -> int:
    """Examine and tell; 0 or 3.

    Raises:
        ExperimentError: for bad input, or when the API cannot be asked.
    """
    namespace, name = options.ksvc
    wanted = Examination(
        namespace,
        name,
        Question(
            options.call or "",
            options.data or "",
            options.protoset,
            options.metadata,
            options.timeout,
        ),
        way=Way(options.from_here, options.authority or "") if options.from_here else None,
        spin_s=0.0 if options.call else options.spin,
        tls=TlsFiles(options.grpc_tls_ca),
    )
    cluster = open_cluster(options.kubeconfig, options.context)
    try:
        code, _ = diagnose(cluster, wanted)
    finally:
        cluster.close()
    return code


def diagnose(cluster: Cluster, wanted: Examination) -> tuple[int, Facts]:
    """Examine and tell; 0 or 3, and what was found.

    Raises:
        ExperimentError: for bad input, or when the API cannot be asked.
    """
    try:
        facts = gather(cluster, wanted)
    except InvalidValue as error:
        raise ExperimentError(str(error)) from None
    findings = examine(facts)
    _tell(facts, findings)
    return exit_code(findings), facts


def _tell(facts: Facts, findings: Iterable[Finding]) -> None:
    """One line for each finding, and one for what was looked at."""
    for finding in findings:
        word = "FAULT" if finding.fatal else "warning"
        _say(f"{word}: {finding.fault}; fix: {finding.fix}")
    _say(f"{facts.wanted}: {_looked_at(facts, any(one.fatal for one in findings))}")


def _looked_at(facts: Facts, has_fault: bool) -> str:  # noqa: FBT001
    verdict = "not fit for a run" if has_fault else "fit for a run"
    path = facts.path
    if facts.service is None:
        return verdict
    if path is None:
        return f"{verdict}; no call was made: no way to it from here was found (--from-here)"
    through = f"{path.target}, authority {path.authority}" if path.authority else path.target
    ended = f"{path.code} in {path.took_s:.2f} s" if path.code else "no answer"
    return f"{verdict}; {path.method} through {through}: {ended}"


def _say(text: str) -> None:
    sys.stdout.write(f"doctor: {text}\n")
    sys.stdout.flush()
