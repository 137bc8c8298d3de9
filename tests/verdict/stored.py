"""Simulated runs written to a run folder, as the engine would."""

from pathlib import Path
from typing import Any

from records.manifest import Manifest, write_manifest
from records.segments import write_segment
from records.summary_file import write_summary
from tests.replica_rows import STARTED_UNIX_S
from tests.verdict.simulated import SimulatedRun
from verdict.conclude import Conclusion

WHAT = {"target": "localhost:50052", "rate": "50 rps", "law": "poisson", "duration": "1m"}


def store(
    run: SimulatedRun,
    folder: Path,
    *,
    without: tuple[str, ...] = (),
    knative: dict[str, Any] | None = None,
) -> Path:
    """Manifest and one segment a member, but for the members named."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        "run-1", STARTED_UNIX_S, plans=[run.plan.to_dict()], seed=run.plan.seed, knative=knative
    )
    write_manifest(folder, manifest)
    for member in sorted(set(run.owner) - set(without)):
        write_segment(folder, member, 0, run.records(member))
    return folder


def stored_conclusion(run: SimulatedRun, folder: Path, **context) -> Conclusion:
    """The whole end of a run: stored, judged, its summary written."""
    store(run, folder)
    conclusion = run.conclude(folder=folder, what=WHAT, **context)
    write_summary(folder, conclusion.summary)
    return conclusion
