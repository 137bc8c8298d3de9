"""A cluster that is a dictionary: objects by path, and what was done to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from experiment.doctor.permissions import ACCESS_REVIEWS, SELF_REVIEWS
from experiment.kube_errors import Conflict, Forbidden, KubeError, NotFound
from experiment.resources import is_one_object

Json = dict


@dataclass
class MadeCluster:
    """What `experiment.kube.Cluster` promises, in memory.

    Attributes:
        objects: By their path.
        denied: Plurals of kinds that may be neither read nor written.
        who: Whom the API takes us for.
        happens: What happens when an object is made or changed, by its kind.
        said: Answers of `logs`, one after the other: lines, or what breaks.
        done: Verbs and paths, in their order.
    """

    objects: dict[str, Json] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    who: str = "somebody"
    happens: dict[str, Callable[["MadeCluster", str, Json], None]] = field(default_factory=dict)
    said: list[list[str | KubeError]] = field(default_factory=list)
    asked_logs: list[Json] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)

    def put(self, path: str, thing: Json) -> None:
        """An object is there from now on; `path` is of the list it is in."""
        self.objects[f"{path}/{thing['metadata']['name']}"] = thing

    def get(self, path: str, query: Json | None = None) -> Json:
        self._check(path, "get" if is_one_object(path) else "list")
        if path in self.objects:
            return self.objects[path]
        if is_one_object(path):
            raise NotFound(path)
        found = [
            thing for key, thing in self.objects.items() if key.rpartition("/")[0] == unquote(path)
        ]
        wanted = (query or {}).get("labelSelector", "")
        return {"items": [thing for thing in found if _has(thing, wanted)]}

    def create(self, path: str, body: Json, query: Json | None = None) -> Json:
        if path == ACCESS_REVIEWS:
            asked = body["spec"]["resourceAttributes"]
            return {"status": {"allowed": asked["resource"] not in self.denied}}
        if path == SELF_REVIEWS:
            return {"status": {"userInfo": {"username": self.who}}}
        self._check(path, "create")
        name = body["metadata"]["name"]
        if f"{path}/{name}" in self.objects:
            raise Conflict(f"{name} exists")
        made = {**body, "metadata": {**body["metadata"], "uid": f"uid-{name}"}}
        self.put(path, made)
        self.done.append(("create", f"{path}/{name}"))
        self._happen(f"{path}/{name}", made)
        return made

    def patch(self, path: str, body: Json, query: Json | None = None) -> Json:
        thing = self.get(path)
        thing["spec"] = {**thing.get("spec", {}), **body.get("spec", {})}
        self.done.append(("patch", path))
        self._happen(path, thing)
        return thing

    def delete(self, path: str, query: Json | None = None) -> Json:
        self.done.append(("delete", path))
        self.get(path)
        return self.objects.pop(path)

    def logs(self, namespace: str, pod: str, query: Json | None = None) -> Iterator[str]:
        self.asked_logs.append(dict(query or {}))
        for line in self.said.pop(0):
            if isinstance(line, KubeError):
                raise line
            yield line

    def _happen(self, path: str, thing: Json) -> None:
        act = self.happens.get(thing.get("kind", ""))
        if act is not None:
            act(self, path, thing)

    def _check(self, path: str, verb: str) -> None:
        for kind in self.denied:
            if f"/{kind}" in path:
                raise Forbidden(kind, verb)


def _has(thing: Json, selector: str) -> bool:
    """Whether a label selector of the form a=b, or a in (b, c), fits."""
    labels = thing["metadata"].get("labels", {})
    if " in (" in selector:
        name, _, values = selector.rstrip(")").partition(" in (")
        return labels.get(name) in values.split(", ")
    name, _, value = selector.partition("=")
    return not selector or labels.get(name) == value
