"""A cluster's ground from a sweep's spec and the command's options."""

import argparse
from functools import partial
from pathlib import Path

from experiment.commands.cluster_options import add_cluster_options, cluster_arguments
from experiment.commands.pod_options import add_pod_details, pod_arguments
from experiment.knative.defaults import effective
from experiment.knative.names import SYSTEM_NAMESPACE, parse_service_name
from experiment.kube import Cluster, open_cluster
from experiment.kube_errors import KubeError, NotFound
from experiment.launch.locust_options import LocustOptions, read_locust_options
from experiment.launch.pod_files import for_pods
from experiment.namespaces import check_namespace
from experiment.resources import CONFIG_MAPS, KNATIVE_SERVICES
from experiment.sweep.cluster.between_runs import BetweenRuns
from experiment.sweep.cluster.check_arms import AskedOfArms
from experiment.sweep.cluster.examine import examine
from experiment.sweep.cluster.initial_state import parse_initial_state
from experiment.sweep.cluster.patched_service import PatchedService
from experiment.sweep.cluster.run_command import RunCommand, further_arguments
from experiment.sweep.cluster.service_api import ServiceApi
from experiment.sweep.cluster.service_ground import ClusterGround
from experiment.sweep.cluster.waits import Waits
from experiment.sweep.ground import NotForGround, refuse_keys
from experiment.sweep.spec import SweepSpec
from records.sweeps.ledger import read_ledger
from records.sweeps.planned import Arm
from shapes.quantities import format_duration

NAME = "cluster"
AUTOSCALER = "config-autoscaler"
_NOT_HERE = ("pin", "settle")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that only this ground has."""
    parser.add_argument(
        "--allow-patch",
        action="store_true",
        help="change the Service's settings for the arms, even without its label for that",
    )
    add_pod_details(parser)
    add_cluster_options(parser)


def make_ground(spec: SweepSpec, folder: Path, options: argparse.Namespace) -> ClusterGround:
    """The ground for a sweep; all arms are looked at here, but where one is still in effect.

    Raises:
        ExperimentError: for bad input, or when the cluster cannot be asked; nothing was changed.
    """
    refuse_keys(spec, NAME, _NOT_HERE)
    namespace, name = _ksvc(spec)
    asked = _asked_of_locust(spec)
    pods_namespace = (options.namespace or namespace) if spec.in_cluster else None
    cluster = open_cluster(options.kubeconfig, options.context)
    try:
        if pods_namespace:
            for_pods(asked)
        ground = _made(spec, folder, options, ServiceApi(cluster, namespace, name), asked)
        entries = read_ledger(folder)
        ground.service.remember(entries)
        if not entries:
            _check_there(cluster, (namespace, name), pods_namespace)
            ground.check()
    except BaseException:
        cluster.close()
        raise
    return ground


def calibrated_by(spec: SweepSpec, options: argparse.Namespace) -> list[str]:
    """The Service as it is, by the way that runs from here have."""
    if spec.host is None:
        return [f"--ksvc={spec.ksvc}", *cluster_arguments(options)]
    asked = _asked_of_locust(spec)
    given = {"--authority": asked.text("authority"), "--grpc-tls-ca": asked.tls.ca}
    plain = ["--insecure"] if asked.text("insecure") else []
    return [
        f"--host={spec.host}",
        *(f"{flag}={text}" for flag, text in given.items() if text),
        *plain,
    ]


def cores_of(spec: SweepSpec, _arm: Arm) -> float | None:
    """The cores that an arm's pods have: as the spec says."""
    return spec.cores


def describe(spec: SweepSpec) -> str:
    """A sentence on what is under load, and who sends."""
    senders = f"{spec.in_cluster} pods send" if spec.in_cluster else "this machine sends"
    return f"Knative Service {spec.ksvc}; {senders}"


def _check_there(cluster: Cluster, ksvc: tuple[str, str], pods_namespace: str | None) -> None:
    """Without patience: what is not there when a sweep begins is bad input."""
    for namespace in dict.fromkeys([ksvc[0], *([pods_namespace] if pods_namespace else [])]):
        check_namespace(cluster, namespace)
    try:
        cluster.get(KNATIVE_SERVICES.path(*ksvc))
    except NotFound:
        raise NotForGround(
            f"ksvc: there is no Knative Service {'/'.join(ksvc)}; valid: one of "
            f"kubectl get ksvc -n {ksvc[0]}"
        ) from None


def _made(
    spec: SweepSpec,
    folder: Path,
    options: argparse.Namespace,
    api: ServiceApi,
    asked: LocustOptions,
) -> ClusterGround:
    state = parse_initial_state(spec.initial) if spec.initial else None
    of_arms = AskedOfArms(spec.planned_arms(), state, options.allow_patch)
    waits = Waits(spec.wait_s)
    pods = (options.namespace or api.namespace) if spec.in_cluster else None
    between = BetweenRuns(api, waits, _stable_window(api.cluster), waits.now_s())
    by_pods = pod_arguments(spec.in_cluster, options) if spec.in_cluster else ()
    given = (*cluster_arguments(options), *by_pods)
    command = RunCommand(spec, str(folder.resolve()), api.full_name, pods, given)
    looked = partial(examine, api, asked, patches=of_arms.patches, pods_namespace=pods)
    return ClusterGround(folder, PatchedService(api), between, of_arms, command, looked)


def _ksvc(spec: SweepSpec) -> tuple[str, str]:
    if spec.ksvc is None:
        raise NotForGround("a sweep on a cluster needs ksvc: NAMESPACE/NAME of a Knative Service")
    try:
        return parse_service_name(spec.ksvc)
    except argparse.ArgumentTypeError as error:
        raise NotForGround(f"ksvc: {error}") from None


def _asked_of_locust(spec: SweepSpec) -> LocustOptions:
    """What a run with the longest spin asks for, as Locust reads it."""
    return read_locust_options(
        [
            f"--spin={format_duration(max(spec.spins_s))}",
            f"--grpc-timeout={format_duration(spec.timeout_s)}",
            *further_arguments(spec),
        ]
    )


def _stable_window(cluster: Cluster) -> str:
    """Of Knative's configuration; its default where that may not be read."""
    try:
        data = cluster.get(CONFIG_MAPS.path(SYSTEM_NAMESPACE, AUTOSCALER)).get("data") or {}
    except KubeError:
        data = {}
    return effective(AUTOSCALER, data)["stable-window"]
