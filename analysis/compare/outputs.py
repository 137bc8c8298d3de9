"""A comparison for programs that build and test: JUnit, and the page of a GitHub job."""

from pathlib import Path

from analysis.compare.comparison import Comparison
from analysis.compare.limits import FAIL, INCONCLUSIVE
from analysis.compare.screen import headline, render
from analysis.errors import AnalysisError
from verdict.junit import Case, suite_xml
from verdict.step_summary import as_markdown


def write_junit(path: Path, comparison: Comparison) -> None:
    """One case a limit: it fails beyond, and is skipped where nothing can be concluded.

    Raises:
        AnalysisError: when it cannot be written.
    """
    answer = Case("comparison", _name(comparison), output=render(comparison))
    limits = [
        Case(
            "limit",
            one.limit.text,
            failed=f"{one.limit.text}: {one.said}" if one.outcome == FAIL else "",
            skipped=f"inconclusive: {one.said}" if one.outcome == INCONCLUSIVE else "",
        )
        for one in comparison.judged
    ]
    text = suite_xml(f"comparison {_name(comparison)}", [answer, *limits])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AnalysisError(f"cannot write {path}: {error.strerror}") from None


def append_step_summary(path: Path, comparison: Comparison) -> None:
    """Append the first screen to the file that GITHUB_STEP_SUMMARY names.

    Raises:
        AnalysisError: when it cannot be written.
    """
    title = f"{headline(comparison)}: {_name(comparison)}"
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(as_markdown(title, render(comparison)))
    except OSError as error:
        raise AnalysisError(f"cannot write {path}: {error.strerror}") from None


def _name(comparison: Comparison) -> str:
    return f"{comparison.b.name} beside {comparison.a.name}"
