"""`python -m experiment observe`: watch a Service's pods and its autoscaler while a run goes on."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiment.commands.cluster_options import add_cluster_options, ksvc_option
from experiment.kube import Cluster, open_cluster
from experiment.observer.metrics_page import page_at, parse_page
from experiment.observer.metrics_source import MetricsSource
from experiment.observer.observer import NotObserved, Observer
from experiment.observer.permissions import check_permissions
from experiment.observer.run_folders import is_over, run_under_way
from records.replica_rows import Row
from verdict.exit_codes import OK, RECORDS_NOT_WRITTEN

LOOK_S = 0.5
END_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "observe",
        help="watch a Service's pods, scale and activator while a run goes on",
        description="Writes replicas.jsonl as it sees things, and replicas.parquet at the end. "
        "Ctrl-C or SIGTERM ends it. It needs permission to read only: the Role `observer`.",
    )
    parser.set_defaults(handler=observe)
    ksvc_option(parser)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--folder", type=Path, metavar="DIR", help="write into this run folder")
    where.add_argument(
        "--follow",
        type=Path,
        metavar="RESULTS",
        help="write into the run folder in RESULTS that is under way, then into the next one",
    )
    parser.add_argument(
        "--metrics",
        type=parse_page,
        metavar="WHERE",
        help="also read the autoscaler's metrics, which tell of panic: `autoscaler` for its own "
        "page by way of the API server, or a URL, as http://HOST:9090/metrics or /federate of a "
        "Prometheus",
    )
    add_cluster_options(parser)


@dataclass(frozen=True)
class _Plan:
    """What is observed by which way, and what ends it."""

    options: argparse.Namespace
    ended: threading.Event

    def begin(self, folder: Path) -> Observer:
        """Start to observe into a folder."""
        cluster = open_cluster(self.options.kubeconfig, self.options.context)
        observer = Observer(cluster, self.options.ksvc, folder, self.sources(cluster))
        observer.start()
        _say(f"watching {'/'.join(self.options.ksvc)} into {folder}")
        return observer

    def sources(self, cluster: Cluster) -> list[MetricsSource]:
        """What is asked beside the watches."""
        where = self.options.metrics
        return [MetricsSource(page_at(where, cluster), self.options.ksvc)] if where else []


def observe(options: argparse.Namespace) -> int:
    """Observe until a signal; 0, or 5 when what was seen could not be written.

    Raises:
        ExperimentError: when there is no such Service, no way to it, no permission, or no
            metrics where they are asked for.
    """
    plan = _Plan(options, _ended_by_signals())
    cluster = open_cluster(options.kubeconfig, options.context)
    try:
        check_permissions(cluster, *options.ksvc)
        if options.metrics:
            page_at(options.metrics, cluster).read()
    finally:
        cluster.close()
    if options.folder is not None:
        return _observe_into(options.folder, plan)
    return _follow(options.follow, plan)


def _ended_by_signals() -> threading.Event:
    ended = threading.Event()
    for number in END_SIGNALS:
        signal.signal(number, lambda *_: ended.set())
    return ended


def _observe_into(folder: Path, plan: _Plan) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotObserved(f"cannot make {folder}: {error.strerror}") from None
    return _watch_over(plan.begin(folder), lambda: False, plan.ended)


def _follow(results: Path, plan: _Plan) -> int:
    """One run after the other; the gravest of their exit codes."""
    code = OK
    _say(f"waiting for a run in {results}")
    while not plan.ended.is_set():
        folder = run_under_way(results)
        if folder is not None:
            observer = plan.begin(folder)
            code = max(code, _watch_over(observer, _end_of(folder, results), plan.ended))
        plan.ended.wait(LOOK_S)
    return code


def _end_of(folder: Path, results: Path) -> Callable[[], bool]:
    """Tells whether the run is over: it says so, or it was killed and another one has begun."""

    def ends() -> bool:
        return is_over(folder) or run_under_way(results) not in {folder, None}

    return ends


def _watch_over(observer: Observer, ends: Callable[[], bool], ended: threading.Event) -> int:
    """Wait for the end of an observation, say what breaks, and complete its file."""
    said: Row | None = None
    while not (ended.is_set() or ends() or observer.fault is not None):
        ended.wait(LOOK_S)
        if observer.last_gap is not None and observer.last_gap is not said:
            said = observer.last_gap
            _say(f"gap in {said['resource']}: {said['reason']}")
    return _complete(observer)


def _complete(observer: Observer) -> int:
    try:
        table = observer.stop()
    except NotObserved as error:
        _say(str(error))
        return RECORDS_NOT_WRITTEN
    _say(f"{observer.rows} rows in {table}")
    if observer.fault is not None:
        _say(f"cannot write into {observer.folder}: {observer.fault}")
        return RECORDS_NOT_WRITTEN
    return OK


def _say(text: str) -> None:
    sys.stderr.write(f"observe: {text}\n")
    sys.stderr.flush()
