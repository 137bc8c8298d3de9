"""What must be allowed in the Service's namespace, asked before it is needed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from experiment.kube import Cluster, Json
from experiment.kube_errors import KubeError
from experiment.resources import (
    CONFIG_MAPS,
    DEPLOYMENTS,
    JOBS,
    KNATIVE_SERVICES,
    POD_AUTOSCALERS,
    PODS,
    REVISIONS,
    SERVERLESS_SERVICES,
    SERVICE_ACCOUNTS,
    SERVICES,
    Resource,
)

ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
SELF_REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
SERVICE_ACCOUNT = "system:serviceaccount:"


@dataclass(frozen=True)
class Permission:
    """One thing to do with one kind of objects.

    Attributes:
        verb: As "watch".
        resource: The kind.
        part: A part of such an object, as "log"; "" for itself.
        namespace: Where.
        name: Of the one object; "" for all of the kind.
    """

    verb: str
    resource: Resource
    namespace: str
    part: str = ""
    name: str = ""

    @property
    def kind(self) -> str:
        """The kind as kubectl takes it, "services.serving.knative.dev" or "pods/log"."""
        group = self.resource.group_version.rpartition("/")[0]
        kind = f"{self.resource.plural}.{group}" if group else self.resource.plural
        return f"{kind}/{self.part}" if self.part else kind


def to_observe(namespace: str) -> tuple[Permission, ...]:
    """For reading a Service and watching its pods and scale."""
    watched = (PODS, DEPLOYMENTS, REVISIONS, POD_AUTOSCALERS, SERVERLESS_SERVICES)
    return (
        Permission("get", KNATIVE_SERVICES, namespace),
        Permission("list", KNATIVE_SERVICES, namespace),
        *(Permission(verb, one, namespace) for one in watched for verb in ("list", "watch")),
    )


def to_launch(namespace: str) -> tuple[Permission, ...]:
    """For making the pods of a run and bringing their records home."""
    made = (JOBS, CONFIG_MAPS, SERVICES)
    return (
        *(Permission("create", one, namespace) for one in made),
        *(Permission(verb, JOBS, namespace) for verb in ("get", "patch", "delete")),
        *(Permission(verb, DEPLOYMENTS, namespace) for verb in ("get", "create")),
        Permission("create", SERVICE_ACCOUNTS, namespace),
        Permission("list", PODS, namespace),
        Permission("delete", PODS, namespace),
        Permission("get", PODS, namespace, "log"),
        Permission("get", SERVICES, namespace, "proxy"),
    )


def to_patch(namespace: str, name: str) -> tuple[Permission, ...]:
    """For changing one Service's settings between runs; roles may be held to its name."""
    return (Permission("patch", KNATIVE_SERVICES, namespace, name=name),)


def denied(cluster: Cluster, wanted: Iterable[Permission]) -> Iterator[Permission]:
    """Those of the permissions that we do not have.

    Raises:
        KubeError: when the API cannot be asked.
    """
    for permission in wanted:
        answer = cluster.create(ACCESS_REVIEWS, _review(permission))
        if not answer.get("status", {}).get("allowed"):
            yield permission


def who_we_are(cluster: Cluster) -> str:
    """The user that the API takes us for; "" when it does not say."""
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    try:
        answer = cluster.create(SELF_REVIEWS, body)
    except KubeError:
        return ""
    return str(answer.get("status", {}).get("userInfo", {}).get("username") or "")


def in_words(permissions: Iterable[Permission]) -> str:
    """As "list, watch pods; get services.serving.knative.dev in namespace shop"."""
    return ", nor ".join(
        f"{_verbs_and_kinds(group)} in namespace {namespace}"
        for namespace, group in _by_namespace(permissions).items()
    )


def _verbs_and_kinds(permissions: Iterable[Permission]) -> str:
    verbs: dict[str, list[str]] = {}
    for one in permissions:
        verbs.setdefault(one.kind, []).append(one.verb)
    return "; ".join(f"{', '.join(said)} {kind}" for kind, said in verbs.items())


def _by_namespace(permissions: Iterable[Permission]) -> dict[str, list[Permission]]:
    groups: dict[str, list[Permission]] = {}
    for one in permissions:
        groups.setdefault(one.namespace, []).append(one)
    return groups


def grant_line(permissions: Iterable[Permission], who: str) -> str:
    """The one line that an administrator types to allow them all."""
    groups = _by_namespace(permissions).items()
    return " && ".join(_grant(namespace, group, who) for namespace, group in groups)


def _grant(namespace: str, permissions: list[Permission], who: str) -> str:
    verbs = ",".join(dict.fromkeys(one.verb for one in permissions))
    kinds = ",".join(dict.fromkeys(one.kind for one in permissions))
    role = f"kubectl create role locust-knative -n {namespace} --verb={verbs} --resource={kinds}"
    binding = f"kubectl create rolebinding locust-knative -n {namespace} --role=locust-knative"
    return f"{role} && {binding} {_subject(who)}"


def _subject(who: str) -> str:
    if who.startswith(SERVICE_ACCOUNT):
        return f"--serviceaccount={who.removeprefix(SERVICE_ACCOUNT)}"
    return f"--user={who or 'YOU'}"


def _review(permission: Permission) -> Json:
    group, _, version = permission.resource.group_version.rpartition("/")
    asked = {
        "namespace": permission.namespace,
        "verb": permission.verb,
        "group": group,
        "version": version,
        "resource": permission.resource.plural,
        "subresource": permission.part,
        "name": permission.name,
    }
    return {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": asked},
    }
