"""A Knative Service in the fake API: what changes its template makes a revision, ready at once."""

import copy
from dataclasses import dataclass, field

from experiment.resources import KNATIVE_SERVICES, NAMESPACES, POD_AUTOSCALERS, PODS
from tests.experiment.fake_api import FakeApi

NAMESPACE, NAME = "shop", "quote"
MIN_SCALE = "autoscaling.knative.dev/min-scale"
TARGET = "autoscaling.knative.dev/target"
SERVICES = KNATIVE_SERVICES.path(NAMESPACE)
PATH = KNATIVE_SERVICES.path(NAMESPACE, NAME)
TEMPLATE = {
    "metadata": {"creationTimestamp": None, "annotations": {MIN_SCALE: "0", TARGET: "1"}},
    "spec": {
        "containerConcurrency": 1,
        "timeoutSeconds": 60,
        "containers": [{"name": "user", "image": "quote:1", "ports": [{"name": "h2c"}]}],
    },
}


@dataclass
class FakeKnative:
    """The one Service of the API, and Knative's hand in it.

    Attributes:
        api: Where it is.
        revisions: How many there have been.
        refuses: Words of the webhook by the containerConcurrency that it does not take.
        is_slow: Whether revisions do not become ready.
    """

    api: FakeApi
    revisions: int = 1
    refuses: dict[int, str] = field(default_factory=dict)
    is_slow: bool = False

    @property
    def service(self) -> dict:
        return self.api.objects[SERVICES][NAME]

    @property
    def spec(self) -> dict:
        return self.service["spec"]

    def edit(self, **fields: object) -> None:
        """Somebody changes fields of the template's spec."""
        thing = copy.deepcopy(self.service)
        thing["spec"]["template"]["spec"].update(fields)
        self.api.put(SERVICES, self._reconciled(thing))

    def touch(self) -> None:
        """Knative writes the status: another version, the same spec."""
        self.api.put(SERVICES, self.service)

    def reacts(self, path: str, before: dict, after: dict) -> dict:
        """To a patch: refuses it, fills in its defaults, or makes a revision."""
        if path != PATH:
            return after
        template = after["spec"]["template"]
        concurrency = template["spec"].setdefault("containerConcurrency", 0)
        if concurrency in self.refuses:
            return {"kind": "Status", "code": 400, "message": self.refuses[concurrency]}
        template["spec"].setdefault("enableServiceLinks", False)
        return self._reconciled(after) if after["spec"] != before["spec"] else after

    def _reconciled(self, thing: dict) -> dict:
        self.revisions += 1
        generation = thing["metadata"]["generation"] + 1
        thing["metadata"]["generation"] = generation
        name = f"{NAME}-{self.revisions:05d}"
        thing["status"] = status_of(name, generation, is_ready=not self.is_slow)
        self.scale(name, int(thing["spec"]["template"]["metadata"]["annotations"][MIN_SCALE]))
        return thing

    def scale(self, revision: str, pods: int, desired: int | None = None) -> None:
        """So many pods, all of this revision, all ready."""
        path = PODS.path(NAMESPACE)
        there = self.api.objects.setdefault(path, {})
        there.clear()
        for n in range(pods):
            labels = {"serving.knative.dev/revision": revision}
            ready = {"type": "Ready", "status": "True"}
            pod = {"metadata": {"name": f"{revision}-{n}", "labels": labels}}
            self.api.put(path, {**pod, "status": {"conditions": [ready], "phase": "Running"}})
        wanted = {"desiredScale": pods if desired is None else desired}
        autoscaler = {"metadata": {"name": revision}, "status": wanted}
        self.api.put(POD_AUTOSCALERS.path(NAMESPACE), autoscaler)


def status_of(revision: str, generation: int, *, is_ready: bool = True) -> dict:
    """Of a Service that has made this revision."""
    ready = {"type": "Ready", "status": "True" if is_ready else "Unknown", "reason": "Deploying"}
    traffic = [{"revisionName": revision, "percent": 100, "latestRevision": True}]
    return {
        "observedGeneration": generation,
        "latestCreatedRevisionName": revision,
        "latestReadyRevisionName": revision if is_ready else "",
        "conditions": [ready],
        "traffic": traffic,
    }


def put_service(api: FakeApi, **labels: str) -> FakeKnative:
    """The Service, ready and at zero; `patchable="true"` gives it the label."""
    named = {f"locust-knative/{name}": value for name, value in labels.items()}
    metadata = {"name": NAME, "namespace": NAMESPACE, "generation": 1, "labels": named}
    spec = {"template": copy.deepcopy(TEMPLATE), "traffic": [{"latestRevision": True}]}
    spec["traffic"][0]["percent"] = 100
    knative = FakeKnative(api)
    api.put(NAMESPACES, {"metadata": {"name": NAMESPACE}})
    api.put(SERVICES, {"metadata": metadata, "spec": spec, "status": status_of("quote-00001", 1)})
    knative.scale("quote-00001", 0)
    api.reacts = knative.reacts
    return knative
