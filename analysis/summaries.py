"""The verdict's summary of a run: as stored, or made again for a run that never got so far."""

from typing import Any

from records.reader import Run
from records.run_folder import NewerSchema, RunFolderError
from shapes.plan import Plan
from verdict.conclude import conclude_from_files
from verdict.pods_seen import with_pods_seen
from verdict.stored_run import open_stored_run


def summary_of(run: Run, plan: Plan) -> dict[str, Any]:
    """The content of `summary.json`, or what the verdict makes of the files without one.

    Raises:
        NewerSchema: when a later version wrote the summary.
        RunFolderError: when there is none and the files do not suffice.
    """
    try:
        stored_summary = run.summary
    except NewerSchema:
        raise
    except RunFolderError:
        stored = open_stored_run(run.folder)
        return conclude_from_files(stored.plan, stored.context, (), stored.files).summary
    # A run ends before its observer does: what was seen of the pods is taken from the files.
    return with_pods_seen(stored_summary, run, plan)
