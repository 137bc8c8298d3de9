"""Rows as an observer writes them, in the run's own time."""

from records.replica_log import ReplicaLog
from records.replicas import write_replica_table

STARTED_UNIX_S = 1_700_000_000.0
REVISION = "worker-00001"


def row(at_s, kind, **columns):
    return {
        "at_unix_s": STARTED_UNIX_S + at_s,
        "kind": kind,
        "revision": REVISION,
        **columns,
    }


def pod_row(at_s, pod, phase, said_s=None, revision=REVISION):
    said = int(at_s) if said_s is None else said_s
    return row(at_s, "pod", revision=revision, pod=pod, phase=phase, node="kn",
               said_unix_s=STARTED_UNIX_S + said)  # fmt: skip


def scale(at_s, desired, actual=0, revision=REVISION):
    return row(at_s, "scale", revision=revision, desired=desired, actual=actual)


def mode(at_s, said, revision=REVISION):
    return row(at_s, "mode", revision=revision, mode=said, activators=2)


def panic(at_s, on, revision=REVISION):
    return row(at_s, "panic", revision=revision, on=on, source="metric")


def gap(from_s, to_s, resource="pods"):
    return {
        "at_unix_s": STARTED_UNIX_S + to_s,
        "kind": "gap",
        "resource": resource,
        "from_unix_s": STARTED_UNIX_S + from_s,
        "to_unix_s": STARTED_UNIX_S + to_s,
        "reason": "connection refused",
    }


def start_of(pod, created_s, ready_s, revision=REVISION):
    """A pod's start: scheduled after a tenth, initialized after two, started halfway."""
    whole = ready_s - created_s
    moments = {"created": 0.0, "scheduled": 0.1, "initialized": 0.2, "started": 0.5, "ready": 1.0}
    return [
        pod_row(created_s + share * whole, pod, phase, revision=revision)
        for phase, share in moments.items()
    ]


def end_of(pod, from_s, gone_s):
    return [pod_row(from_s, pod, "terminating"), pod_row(gone_s, pod, "gone")]


def ordered(*groups):
    """All rows by time."""
    rows = [each for group in groups for each in (group if isinstance(group, list) else [group])]
    return sorted(rows, key=lambda each: each["at_unix_s"])


def write_replicas(folder, *groups, ended=True):
    """The observer's file in a run folder; only the live one where it was cut off."""
    log = ReplicaLog(folder)
    for each in ordered(*groups):
        log.append(each)
    log.close()
    if ended:
        write_replica_table(folder)
