"""Where reports go."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.report.files import PAGE_NAME
from records.run_folder import MANIFEST_NAME

_PREFIX = "report-"


def comparison_folder(paths: Sequence[Path]) -> Path:
    """Beside the first run; the same runs give the same folder, others another."""
    folders = sorted({path.resolve() for path in paths})
    digest = hashlib.sha256("\n".join(folder.name for folder in folders).encode()).hexdigest()[:8]
    return folders[0].parent / f"{_PREFIX}{len(folders)}-runs-{digest}"


def without_reports(paths: Sequence[Path]) -> list[Path]:
    """The paths without earlier comparisons, so that `results/*` can be given; each run once.

    Raises:
        AnalysisError: when nothing but reports was given.
    """
    runs = {path.resolve(): path for path in paths if not _is_report(path)}
    if not runs:
        raise AnalysisError(f"{', '.join(map(str, paths))}: reports, not run folders")
    return list(runs.values())


def _is_report(path: Path) -> bool:
    return (
        path.resolve().name.startswith(_PREFIX)
        and (path / PAGE_NAME).is_file()
        and not (path / MANIFEST_NAME).exists()
    )
