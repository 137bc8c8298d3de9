"""`python -m experiment fetch`: brings the records of a run in the cluster home."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from experiment.commands.cluster_options import add_cluster_options
from experiment.fetching.depot import Depot, KeptRun
from experiment.fetching.fetch import Fetched, fetch_run
from experiment.kube import open_cluster
from experiment.namespaces import check_namespace
from records.run_folder import InvalidRunId, check_name

DEFAULT_NAMESPACE = "loadtest"
RESULTS = Path("results")
DESCRIPTION = """\
Brings the records of a run in the cluster home, also after its Jobs ended, through the API server.
What is here already stays: files are added, a finished run is never changed.

exit codes: 0 fetched, or all of it was here; 2 no such run, no API, or what is here differs
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "fetch",
        help="bring the records of a run in the cluster home",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handler=fetch)
    parser.add_argument(
        "run", nargs="?", type=run_id, metavar="RUN", help="without it: lists what is there"
    )
    parser.add_argument(
        "--namespace",
        default=DEFAULT_NAMESPACE,
        metavar="NS",
        help=f"of the run's pods; {DEFAULT_NAMESPACE}",
    )
    add_results_option(parser)
    add_cluster_options(parser)


def add_results_option(parser: argparse.ArgumentParser, default: Path | None = RESULTS) -> None:
    """Add `--out`; without default, what else names the folder rules."""
    parser.add_argument(
        "--out",
        type=Path,
        default=default,
        metavar="RESULTS",
        help=f"folder that holds the run folders; {RESULTS}",
    )


def fetch(options: argparse.Namespace) -> int:
    """Fetch, or list; 0.

    Raises:
        ExperimentError: when it cannot be done.
    """
    cluster = open_cluster(options.kubeconfig, options.context)
    try:
        check_namespace(cluster, options.namespace)
        depot = Depot(cluster, options.namespace)
        if options.run is None:
            _say(in_lines(depot.runs(), options.namespace))
        else:
            _say(in_words(fetch_run(depot, options.run, options.out)))
    finally:
        cluster.close()
    return 0


def in_words(fetched: Fetched) -> str:
    """What a fetch has done, in one line."""
    going_on = "" if fetched.kept.finished else "; the run has not ended: fetch again when it has"
    if not fetched.new:
        return f"{fetched.folder} has all {fetched.kept.files} files already{going_on}"
    return f"{len(fetched.new)} of {fetched.kept.files} files new in {fetched.folder}{going_on}"


def in_lines(runs: Iterable[KeptRun], namespace: str) -> str:
    """What is kept, one line a run."""
    lines = [
        f"{one.run}  {one.files} files  {one.size_bytes} bytes"
        f"  {'finished' if one.finished else 'not finished'}"
        for one in runs
    ]
    return "\n".join(lines) or f"no runs are kept in namespace {namespace}"


def run_id(text: str) -> str:
    """A run's name; for `type=` of argparse."""
    try:
        return check_name(text)
    except InvalidRunId as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
