"""The claims as a document."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.sweep.claims import Claim
from analysis.sweep.standing import CLASSES
from experiment.claims.cells import cell_table
from experiment.claims.findings import RANKED, Found, found_on, say_rank
from experiment.claims.markdown import table
from experiment.claims.systems import System
from experiment.claims.wording import ABOUT, CELLS, COMMAND, LEVEL, LIMITS, RANKS, TITLE
from verdict.wording import say_count

_SHORT = {
    "Poisson is slower than uniform (average latency)": "Poisson slower, mean",
    "Poisson is slower than uniform (p99)": "Poisson slower, p99",
    "slowdown rises with the rate": "rises with rate",
    "the rise with the rate is larger under Poisson": "more so under Poisson",
    "slowdown rises with the spin": "rises with spin",
}

FoundOn = Mapping[System, Found]


def document(runs: pd.DataFrame, systems: Sequence[System], repetitions: int) -> str:
    """The whole document, as Markdown."""
    found = {system: found_on(runs[runs["arm"].eq(system.name)]) for system in systems}
    parts = [
        [TITLE],
        [ABOUT.format(command=COMMAND, runs=say_count(len(runs)), seeds=repetitions)],
        ["## Claim by claim", "", *_overview(found), "", *_in_words(found)],
        ["## Classes of cells", "", *_classes(found)],
        *(_one_claim(found, place) for place in range(len(_claims_of_first(found)))),
        ["## By rank", "", RANKS, "", *_ranks(found)],
        ["## The published level", "", LEVEL, "", *_by_the_original(found)],
        ["## Some cells one by one", "", CELLS, "", *cell_table(runs, systems)],
        [LIMITS],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _claims_of_first(found: FoundOn) -> list[Claim]:
    return next(iter(found.values())).claims


def _overview(found: FoundOn) -> list[str]:
    heads = [_SHORT.get(claim.text, claim.text) for claim in _claims_of_first(found)]
    rows = (
        [system.words, *(claim.finding for claim in one.claims)] for system, one in found.items()
    )
    return table(["system", *heads], rows)


def _in_words(found: FoundOn) -> list[str]:
    """For each claim, on how many systems it came to what."""
    lines = []
    for place, claim in enumerate(_claims_of_first(found)):
        counted = Counter(one.claims[place].finding for one in found.values())
        said = ", ".join(f"{finding} on {count}" for finding, count in sorted(counted.items()))
        lines.append(f"- {_capital(claim.text)}: {said} of {len(found)} systems.")
    return lines


def _classes(found: FoundOn) -> list[str]:
    kept = [name for name in CLASSES if any(one.classes[name] for one in found.values())]
    rows = (
        [system.words, *(str(one.classes[name]) for name in kept)] for system, one in found.items()
    )
    return table(["system", *kept], rows)


def _one_claim(found: FoundOn, place: int) -> list[str]:
    text = _claims_of_first(found)[place].text
    rows = []
    for system, one in found.items():
        claim = one.claims[place]
        rows.append([system.words, claim.finding, claim.effect, claim.conditions])
    head = f"## “{_capital(text)}”"
    return [head, "", *table(["system", "finding", "effect (95 % interval)", "conditions"], rows)]


def _ranks(found: FoundOn) -> list[str]:
    rows = (
        [system.words, *(say_rank(one.ranks[axis]) for axis in RANKED)]
        for system, one in found.items()
    )
    return table(["system", *(f"with {name}" for name in RANKED.values())], rows)


def _by_the_original(found: FoundOn) -> list[str]:
    rows = (
        [system.words, one.by_the_original.effect.partition(":")[0]]
        for system, one in found.items()
    )
    return table(["system", "by the original's definition"], rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
