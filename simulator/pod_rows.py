"""What an observer would have seen of a simulated Service: rows for `replicas.parquet`."""

import math
from collections.abc import Iterator
from typing import Any

from simulator.call_rows import pod_name
from simulator.system.simulate import Simulated

REVISION = "simulated-00001"
NODE = "simulated"
SOURCE = "model"

Row = dict[str, Any]


def replica_rows(simulated: Simulated, started_unix_s: float) -> list[Row]:
    """All rows by time; those of one moment by kind: pods before what sums them up."""
    rows = [_first_look(simulated), *_pods(simulated), *_decisions(simulated)]
    rows.sort(key=lambda row: row[0])
    return [{"at_unix_s": started_unix_s + at_s, **row} for at_s, row in rows]


def _first_look(simulated: Simulated) -> tuple[float, Row]:
    """What there is before anything happens: without pods nothing else would tell of the start."""
    ready = int((simulated.ready_s <= 0.0).sum())
    return 0.0, _row("deployment", replicas=ready, ready=ready, available=ready)


def _pods(simulated: Simulated) -> Iterator[tuple[float, Row]]:
    lives = zip(
        simulated.made_s.tolist(),
        simulated.ready_s.tolist(),
        simulated.leaving_s.tolist(),
        simulated.gone_s.tolist(),
        strict=True,
    )
    for number, moments_s in enumerate(lives):
        phases = ("created", "ready", "terminating", "gone")
        for phase, at_s in zip(phases, moments_s, strict=True):
            if at_s < math.inf:
                pod = {"pod": pod_name(number), "phase": phase, "node": NODE}
                yield at_s, _row("pod", **pod)


def _decisions(simulated: Simulated) -> Iterator[tuple[float, Row]]:
    """A row of each kind where what it says has changed."""
    columns = {name: column.tolist() for name, column in simulated.decisions.items()}
    last: dict[str, Row] = {}
    for values in zip(*columns.values(), strict=True):
        decision = dict(zip(columns, values, strict=True))
        for row in _said(decision):
            if last.get(row["kind"]) != row:
                last[row["kind"]] = row
                yield decision["at_s"], row


def _said(decision: dict[str, float]) -> Iterator[Row]:
    ready, replicas = int(decision["ready"]), int(decision["replicas"])
    mode = "Proxy" if decision["is_proxied"] else "Serve"
    yield _row("scale", desired=int(decision["wanted"]), actual=ready)
    yield _row("mode", mode=mode, activators=int(decision["activators"]))
    yield _row("deployment", replicas=replicas, ready=ready, available=ready)
    yield _row("panic", on=bool(decision["in_panic"]), source=SOURCE)


def _row(kind: str, **columns: Any) -> Row:
    return {"kind": kind, "revision": REVISION, **columns}
