"""The plain facts of one run as a table: what was run, on what, with which versions."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.dataset import RunData
from shapes.plan import Plan
from verdict.asked import asked_of_target


def what_was_run(run: RunData) -> pd.DataFrame:
    """The plain facts of a run.

    Returns:
        Columns `fact`, `value`.
    """
    manifest, what = run.manifest, run.summary["what"]
    facts = {
        "run": run.run_id,
        "target": what.get("target", ""),
        "rate": what.get("rate", ""),
        "law of arrivals": run.law.text,
        **_of_trace(run.plan),
        "seed": str(run.plan.seed),
        "duration": what.get("duration", ""),
        "warm-up": f"{run.plan.warm_up_s:g} s",
        **asked_of_target(run.plan.request),
        "deadline": "" if run.deadline_s is None else f"{run.deadline_s:g} s",
        "ideal": run.ideal.source,
        "plan versions": str(len(manifest.plans)),
        "members": str(len(manifest.members)),
        "host": _flat(manifest.host),
        **_of_knative(manifest.knative or {}),
        "versions": _flat(manifest.versions),
        "git": _flat(manifest.git) if isinstance(manifest.git, dict) else str(manifest.git or ""),
    }
    rows = [(fact, str(value)) for fact, value in facts.items() if value not in {"", None}]
    return pd.DataFrame(rows, columns=["fact", "value"])


def _of_trace(plan: Plan) -> dict[str, str]:
    """The file behind the arrivals, and what of it was left out."""
    if plan.trace is None:
        return {}
    source = plan.trace.source
    said = f"{source.file} (SHA-256 {source.sha256[:12]}), {source.layout}, {source.rows} rows used"
    return {"trace": "; ".join((said, *source.left_out))}


def _of_knative(knative: Mapping[str, Any]) -> dict[str, str]:
    """What was noted of the cluster: a fact for the Service, one for each ConfigMap, one for it."""
    named = {"service": "Knative Service", "versions": "cluster"}
    configs = knative.get("config")
    return {
        **{named.get(key, key): _flat(part) for key, part in knative.items() if key != "config"},
        **{name: _flat(part) for name, part in (configs or {}).items()},
    }


def _flat(mapping: object) -> str:
    """All that is in nested mappings, each with its keys before it."""
    return ", ".join(_leaves(mapping)) if isinstance(mapping, Mapping) else ""


def _leaves(mapping: Mapping[str, Any]) -> Iterator[str]:
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            yield from (f"{key} {leaf}" for leaf in _leaves(value))
        else:
            yield f"{key} {value}"
