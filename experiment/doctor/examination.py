"""From a Service's name to all facts: what the API says, and the one call where it can be made."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from experiment.clock import Clock
from experiment.doctor.call import try_call
from experiment.doctor.facts import Facts, PathFacts
from experiment.doctor.path_checks import NO_SUCH_ROUTE
from experiment.doctor.permissions import Permission, denied, to_observe, who_we_are
from experiment.doctor.question import Question
from experiment.doctor.settling import settled_service
from experiment.doctor.state import read_pods
from experiment.knative.service import ServiceFacts
from experiment.knative.ways import Way, resolves_here, ways_in
from experiment.kube import Cluster
from experiment.kube_errors import Forbidden, KubeError, NotFound
from experiment.namespaces import check_namespace
from experiment.resources import KNATIVE_SERVICES
from grpc_user.channels import ChannelSettings
from grpc_user.reachability import reach
from grpc_user.targets import parse_targets
from grpc_user.tls import TlsFiles

TRY_S = 2.0


@dataclass(frozen=True)
class Examination:
    """What is to be looked at.

    Attributes:
        namespace: Of the Service.
        name: Of the Service.
        question: The one call.
        way: Where calls go, as the run has it; None finds one.
        spin_s: The longest work that the run will ask for, seconds.
        tls: As the run has it.
        further: Permissions that are needed beside those to observe.
    """

    namespace: str
    name: str
    question: Question = field(default_factory=Question)
    way: Way | None = None
    spin_s: float = 0.0
    tls: TlsFiles = field(default_factory=TlsFiles)
    further: tuple[Permission, ...] = ()


def gather(cluster: Cluster, wanted: Examination, clock: Clock | None = None) -> Facts:
    """Look at everything; what may not be read is among the facts.

    A Service that was changed a moment ago is waited for.

    Raises:
        NoSuchNamespace: when it is the namespace that is not there.
        KubeError: when the API cannot be asked.
        InvalidValue: for data or TLS files that cannot be read.
    """
    facts = _permissions(cluster, wanted)
    try:
        service = settled_service(cluster, wanted.namespace, wanted.name, clock or Clock())
    except Forbidden:
        return facts
    except NotFound:
        return replace(facts, others=_others(cluster, wanted.namespace))
    facts = replace(facts, service=service)
    path = _path(cluster, service, wanted)
    return replace(facts, path=path, pods=read_pods(cluster, service))


def find_way(cluster: Cluster, service: ServiceFacts, tls: TlsFiles) -> Way | None:
    """The first way in that answers from here; None when none does."""
    for way in ways_in(cluster, service, resolves_here):
        settings = ChannelSettings(tls, way.authority)
        (target,) = parse_targets(way.host)
        if reach(target, settings, TRY_S).stream_limit is not None:
            return way
    return None


def _permissions(cluster: Cluster, wanted: Examination) -> Facts:
    needed = (*to_observe(wanted.namespace), *wanted.further)
    missing = tuple(denied(cluster, needed))
    who = who_we_are(cluster) if missing else ""
    return Facts(f"{wanted.namespace}/{wanted.name}", spin_s=wanted.spin_s, denied=missing, who=who)


def _others(cluster: Cluster, namespace: str) -> tuple[str, ...]:
    check_namespace(cluster, namespace)
    try:
        items = cluster.get(KNATIVE_SERVICES.path(namespace)).get("items") or ()
    except KubeError:
        return ()
    return tuple(sorted(item["metadata"]["name"] for item in items))


def _path(cluster: Cluster, service: ServiceFacts, wanted: Examination) -> PathFacts | None:
    way = wanted.way or find_way(cluster, service, wanted.tls)
    if way is None:
        return None

    def hopeless() -> bool:
        return bool(read_pods(cluster, service).troubles)

    target = parse_targets(way.host)[0]
    path = try_call(target, ChannelSettings(wanted.tls, way.authority), wanted.question, hopeless)
    if path.http_status != NO_SUCH_ROUTE:
        return path
    for authority in _other_authorities(service, way.authority):
        settings = ChannelSettings(wanted.tls, authority)
        if try_call(target, settings, wanted.question, hopeless).http_status != NO_SUCH_ROUTE:
            return replace(path, right_authority=authority)
    return path


def _other_authorities(service: ServiceFacts, sent: str) -> Iterator[str]:
    yield from (one for one in (service.host, service.cluster_host) if one and one != sent)
