"""Objects as the Kubernetes API gives them, as far as an observer looks at them."""

REVISION = "worker-00001"
LABELS = {"serving.knative.dev/revision": REVISION, "serving.knative.dev/service": "worker"}
CREATED = "2026-11-25T10:00:00Z"
CREATED_UNIX_S = 1795600800.0


def stamp(after_s: int) -> str:
    """The API's stamp of so many seconds after the creation of all pods here."""
    return f"2026-11-25T10:{after_s // 60:02d}:{after_s % 60:02d}Z"


def condition(kind: str, *, holds: bool = True, after_s: int = 0) -> dict:
    status = "True" if holds else "False"
    return {"type": kind, "status": status, "lastTransitionTime": stamp(after_s)}


def pod(
    name: str = "worker-x",
    *,
    conditions: tuple = (),
    started_s: tuple = (),
    deleted_s: int | None = None,
    node: str | None = "node-1",
) -> dict:
    """A pod; `started_s` has one number for each container, None for one that does not run."""
    metadata = {"name": name, "labels": LABELS, "creationTimestamp": CREATED}
    if deleted_s is not None:
        metadata |= {
            "deletionTimestamp": stamp(deleted_s + 30),
            "deletionGracePeriodSeconds": 30,
        }
    containers = [
        {"state": {"waiting": {}} if at is None else {"running": {"startedAt": stamp(at)}}}
        for at in started_s
    ]
    status = {"conditions": list(conditions), "containerStatuses": containers}
    return {"metadata": metadata, "spec": {"nodeName": node} if node else {}, "status": status}


def thing(spec: dict | None = None, status: dict | None = None, name: str = REVISION) -> dict:
    """An object that belongs to the revision."""
    metadata = {"name": name, "labels": LABELS}
    return {"metadata": metadata, "spec": spec or {}, "status": status or {}}
