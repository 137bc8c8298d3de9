"""`python -m experiment run`: examine, observe, load, fetch and report: one command for one run."""

import argparse

from experiment.commands.checked import checked
from experiment.commands.cluster_options import add_cluster_options, cluster_arguments, ksvc_option
from experiment.commands.doctor import diagnose
from experiment.commands.fetch import add_results_option
from experiment.commands.pod_options import add_pod_options
from experiment.doctor.examination import Examination, find_way
from experiment.doctor.facts import Facts
from experiment.doctor.findings import FAULT_FOUND
from experiment.doctor.permissions import to_launch
from experiment.errors import ExperimentError
from experiment.knative.service import ServiceFacts, read_service
from experiment.knative.snapshot import snapshot
from experiment.knative.ways import Way, inside
from experiment.kube import Cluster, open_cluster
from experiment.launch.finish import finish
from experiment.launch.in_cluster import Launch, load_by_pods
from experiment.launch.keeper import have_keeper
from experiment.launch.local import run_here
from experiment.launch.locust_options import LocustOptions, read_locust_options
from experiment.launch.manifests import PodRun, check_label
from experiment.launch.observing import observing
from experiment.launch.plan import RunPlan, make_plan
from experiment.launch.pod_files import PodArguments, for_pods
from experiment.namespaces import check_namespace
from experiment.observer.metrics_page import parse_page
from shapes.quantities import parse_duration_s
from verdict.checks import parse_check

DESCRIPTION = """\
One run against a Knative Service, ours or any with gRPC: the doctor first (a fault stops it before
any load), Knative's settings noted, pods and autoscaler observed, the load from here or by pods in
the cluster, records fetched, a report, and the first screen at the end.

  python -m experiment run --ksvc loadtest/worker -- --rps 20 --duration 2m --spin 100ms
  python -m experiment run --ksvc shop/quote -- --call shop.Quote/Get --data @rows.jsonl --rps 50
  python -m experiment run --ksvc loadtest/worker --in-cluster 2 -- --rps 20 --duration 2m

exit codes: 2 bad input, before any load; 3 a fault was found, before any load, or the run is
            INVALID; 4 a --check was missed; 5 records are not complete; 130, 143 stopped by a
            signal; 0 none of these
"""


class NoWay(ExperimentError):
    """The Service cannot be reached from here."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "run",
        help="one run: doctor, observer, load, records, report",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handler=run)
    ksvc_option(parser)
    add_pod_options(parser)
    parser.add_argument("--no-doctor", action="store_true", help="run whatever is wrong")
    parser.add_argument(
        "--no-report", action="store_true", help="records and first screen, no model, no report"
    )
    parser.add_argument(
        "--observe-after",
        type=checked(parse_duration_s),
        default=0.0,
        metavar="TIME",
        help="watch the pods so much longer than the load, as 2m to see them go; 0s",
    )
    parser.add_argument(
        "--metrics",
        type=parse_page,
        metavar="WHERE",
        help="also read the autoscaler's metrics, which tell of panic, as `observe --metrics`",
    )
    add_results_option(parser, default=None)
    add_cluster_options(parser)
    parser.add_argument(
        "locust", nargs="*", metavar="LOCUST-OPTIONS", help="after --, as the locustfile has them"
    )


def run(options: argparse.Namespace) -> int:
    """Run; the exit code of the verdict, or 3 when the doctor stops it.

    Raises:
        ExperimentError: for bad input, or when the API cannot be asked, before any load.
    """
    asked = read_locust_options(options.locust)
    sent = for_pods(asked) if options.in_cluster else None
    cluster = open_cluster(options.kubeconfig, options.context)
    try:
        return _examined_run(cluster, options, asked, sent)
    finally:
        cluster.close()


def _examined_run(
    cluster: Cluster, options: argparse.Namespace, asked: LocustOptions, sent: PodArguments | None
) -> int:
    namespace = options.namespace or options.ksvc[0]
    if sent is not None:
        check_namespace(cluster, namespace)
    if options.no_doctor:
        service = read_service(cluster, *options.ksvc)
        found = None if asked.way or sent else find_way(cluster, service, asked.tls)
    else:
        code, facts = _doctor(cluster, options, asked, namespace)
        if code == FAULT_FOUND:
            return code
        service = facts.service or read_service(cluster, *options.ksvc)  # which says why not
        found = Way(facts.path.target, facts.path.authority) if facts.path else None
    way = _way(service, asked, found) if sent is None else asked.way or inside(service)
    plan = make_plan(service, asked, way, options.out)
    return _run(cluster, options, plan, sent)


def _doctor(
    cluster: Cluster, options: argparse.Namespace, asked: LocustOptions, pods_namespace: str
) -> tuple[int, Facts]:
    """The doctor's exit code, and what it found."""
    wanted = Examination(
        namespace=options.ksvc[0],
        name=options.ksvc[1],
        question=asked.question(),
        way=None if options.in_cluster else asked.way,
        spin_s=asked.spin_s,
        tls=asked.tls,
        further=to_launch(pods_namespace) if options.in_cluster else (),
    )
    return diagnose(cluster, wanted)


def _way(service: ServiceFacts, asked: LocustOptions, found: Way | None) -> Way:
    way = asked.way or found
    if way is None:
        raise NoWay(
            f"no way from here to {service.full_name} was found; valid: "
            f"-- --host HOST:PORT of its ingress --authority {service.host or 'HOST'}, "
            "or --in-cluster W"
        )
    return way


def _run(
    cluster: Cluster, options: argparse.Namespace, plan: RunPlan, sent: PodArguments | None
) -> int:
    settings = snapshot(cluster, plan.service)
    launch = None if sent is None else _launch(cluster, options, plan, sent)
    with observing(plan, _observe_arguments(options), options.observe_after):
        if launch is None:
            code = run_here(plan, tuple(options.locust))
        else:
            code = load_by_pods(launch, plan.results)
    checks = [parse_check(text) for text in plan.options.values.get("check") or ()]
    return finish(plan, settings, checks, code, with_report=not options.no_report)


def _observe_arguments(options: argparse.Namespace) -> tuple[str, ...]:
    metrics = ("--metrics", options.metrics) if options.metrics else ()
    return (*cluster_arguments(options), *metrics)


def _launch(
    cluster: Cluster, options: argparse.Namespace, plan: RunPlan, sent: PodArguments
) -> Launch:
    """The run by pods, all made ready that it shares with others."""
    pod_run = PodRun(
        check_label(plan.run_id),
        options.namespace or plan.service.namespace,
        options.in_cluster,
        (*sent.arguments, f"--host={plan.way.host}", f"--run-id={plan.run_id}"),
        options.image,
        options.pod_cpu,
        sent.files,
        sent.secrets,
    )
    launch = Launch(cluster, pod_run)
    launch.check_alone()
    have_keeper(cluster, pod_run)
    return launch
