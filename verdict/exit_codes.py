"""What the process says to the shell: one number, the gravest that applies."""

from collections.abc import Iterable

OK = 0
FAILED_REQUESTS = 1
BAD_CONFIGURATION = 2
INVALID = 3
CHECK_MISSED = 4
RECORDS_NOT_WRITTEN = 5
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


def highest(codes: Iterable[int]) -> int:
    """The code to exit with when several apply; a code outside the table goes before all."""
    ranks = {code: rank for rank, code in enumerate(PRECEDENCE)}
    return min(codes, key=lambda code: ranks.get(code, -1), default=OK)


def signal_code(name: str | None) -> int:
    """The exit code of a run that a signal stopped, by the signal's name; OK for None."""
    return {"SIGINT": SIGINT, "SIGTERM": SIGTERM}.get(name or "", OK)
