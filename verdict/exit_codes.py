"""What the process says to the shell: one number, the gravest that applies."""

from collections.abc import Iterable

OK = 0
FAILED_REQUESTS = 1
BAD_CONFIGURATION = 2
INVALID = 3
CHECK_MISSED = 4
RECORDS_NOT_WRITTEN = 5
BEYOND_LIMIT = 6
INCONCLUSIVE_COMPARISON = 7
SIGINT = 130
SIGTERM = 143

PRECEDENCE = (
    BAD_CONFIGURATION,
    RECORDS_NOT_WRITTEN,
    INVALID,
    CHECK_MISSED,
    SIGINT,
    SIGTERM,
    FAILED_REQUESTS,
    OK,
)
"""Gravest first: what makes the later ones meaningless comes before them."""

MEANING = {
    OK: "the run can be used, every check was met",
    FAILED_REQUESTS: "requests failed (Locust's own rule; `--exit-code-on-error` changes it)",
    BAD_CONFIGURATION: "the run was refused before any load",
    INVALID: "the run must not be used",
    CHECK_MISSED: "a `--check` was missed",
    RECORDS_NOT_WRITTEN: "records could not be written",
    SIGINT: "stopped by SIGINT (Ctrl-C)",
    SIGTERM: "stopped by SIGTERM",
}

COMPARISON_MEANING = {
    BAD_CONFIGURATION: "nothing that may be compared, or bad input; one line says why",
    BEYOND_LIMIT: "FAIL: an interval lies beyond a `--fail-if` limit",
    INCONCLUSIVE_COMPARISON: "INCONCLUSIVE: an interval holds a limit, or there is none to go by",
    OK: "PASS: every interval lies within its limit, or no limit was given",
}
"""Of `python -m analysis compare`, gravest first."""


def highest(codes: Iterable[int]) -> int:
    """The code to exit with when several apply; a code outside the table goes before all."""
    ranks = {code: rank for rank, code in enumerate(PRECEDENCE)}
    return min(codes, key=lambda code: ranks.get(code, -1), default=OK)


def signal_code(name: str | None) -> int:
    """The exit code of a run that a signal stopped, by the signal's name; OK for None."""
    return {"SIGINT": SIGINT, "SIGTERM": SIGTERM}.get(name or "", OK)
