"""What a check finds: what is wrong, and the one line that puts it right."""

from collections.abc import Iterable
from dataclasses import dataclass

from verdict.exit_codes import OK

FAULT_FOUND = 3


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        fault: What is wrong, one line.
        fix: What to do, one line.
        fatal: Whether a run could not be used; else it is a warning.
    """

    fault: str
    fix: str
    fatal: bool = True


def exit_code(findings: Iterable[Finding]) -> int:
    """0 when nothing stands in the way of a run (warnings do not), 3 when something does."""
    return FAULT_FOUND if any(finding.fatal for finding in findings) else OK
