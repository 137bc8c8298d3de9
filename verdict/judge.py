"""From facts to a verdict."""

from dataclasses import dataclass

from verdict.facts import RunFacts
from verdict.rules import RULES, Finding

VALID = "VALID"
SUSPECT = "SUSPECT"
INVALID = "INVALID"
LEVELS = (VALID, SUSPECT, INVALID)


@dataclass(frozen=True)
class Verdict:
    """Whether a run can be trusted.

    Attributes:
        level: "VALID", "SUSPECT" or "INVALID": that of the gravest finding.
        findings: Gravest first; in the order of the table of limits within a level.
    """

    level: str
    findings: tuple[Finding, ...]


def judge(facts: RunFacts) -> Verdict:
    """Ask every rule; the gravest finding decides."""
    found = [finding for rule in RULES if (finding := rule(facts)) is not None]
    found.sort(key=lambda finding: -LEVELS.index(finding.level))
    return Verdict(found[0].level if found else VALID, tuple(found))
