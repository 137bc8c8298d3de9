"""Where kinds of objects are in a Kubernetes API, and what a path there means in words."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote


@dataclass(frozen=True)
class Resource:
    """A kind of objects that live in namespaces.

    Attributes:
        group_version: As "v1" or "apps/v1".
        plural: As "pods".
    """

    group_version: str
    plural: str

    def path(self, namespace: str, name: str = "", *parts: str) -> str:
        """The path of one object, of a part of it, or of all in the namespace without a name."""
        root = "apis" if "/" in self.group_version else "api"
        place = [quote(part, safe="") for part in (namespace, self.plural, name, *parts) if part]
        return f"/{root}/{self.group_version}/namespaces/{'/'.join(place)}"


NAMESPACES = "/api/v1/namespaces"
NODES = "/api/v1/nodes"
CONFIG_MAPS = Resource("v1", "configmaps")
PODS = Resource("v1", "pods")
SECRETS = Resource("v1", "secrets")
SERVICES = Resource("v1", "services")
SERVICE_ACCOUNTS = Resource("v1", "serviceaccounts")
DEPLOYMENTS = Resource("apps/v1", "deployments")
JOBS = Resource("batch/v1", "jobs")
KNATIVE_SERVICES = Resource("serving.knative.dev/v1", "services")
REVISIONS = Resource("serving.knative.dev/v1", "revisions")
POD_AUTOSCALERS = Resource("autoscaling.internal.knative.dev/v1alpha1", "podautoscalers")
INGRESSES = Resource("networking.internal.knative.dev/v1alpha1", "ingresses")
SERVERLESS_SERVICES = Resource("networking.internal.knative.dev/v1alpha1", "serverlessservices")

_PATH = re.compile(
    r"/apis?/(?:(?P<group>[^/]+)/)?(?P<version>v\d\w*)"
    r"/namespaces/(?P<namespace>[^/]+)/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?(?:/(?P<part>.+))?"
)


def describe_path(path: str) -> str:
    """A path in words, as "pods in namespace loadtest"; other paths as they are."""
    match = _PATH.fullmatch(path)
    if match is None:
        return path
    kind = ".".join(part for part in (match["plural"], match["group"]) if part)
    kind = f"{kind}/{match['part']}" if match["part"] else kind
    words = [kind, *([unquote(match["name"])] if match["name"] else [])]
    return f"{' '.join(words)} in namespace {unquote(match['namespace'])}"


def is_one_object(path: str) -> bool:
    """Whether the path names one object; a list of them otherwise."""
    match = _PATH.fullmatch(path)
    return match is None or match["name"] is not None
