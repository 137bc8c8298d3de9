"""A search as it is asked for: its aim, and the sweep that its runs are of."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from experiment.errors import ExperimentError
from experiment.search.tries import Aim
from experiment.sweep.spec import SweepSpec
from shapes.quantities import MAX_RATE_RPS

LEAST_PRECISION = 0.01
MOST_CONFIRMATIONS = 20


class BadSearch(ExperimentError):
    """A search that cannot be made as asked."""


@dataclass(frozen=True)
class Asked:
    """All that is fixed before the first run.

    Attributes:
        aim: What is looked for.
        spec: Load, ground and limits of every run; its rates mean nothing.
        seed: All seeds follow from it.
    """

    aim: Aim
    spec: SweepSpec
    seed: int

    @property
    def limits(self) -> str:
        """The limits in one line."""
        return " and ".join(self.spec.checks)

    def as_dict(self) -> dict[str, Any]:
        """As `search.json` has it."""
        return {"aim": asdict(self.aim), "spec": self.spec.as_mapping(), "seed": self.seed}


def check_aim(aim: Aim) -> Aim:
    """The aim itself.

    Raises:
        BadSearch: saying what is valid.
    """
    if not 0 < aim.low_rps <= aim.high_rps <= MAX_RATE_RPS:
        raise BadSearch(
            f"--from {aim.low_rps:g} and --to {aim.high_rps:g}; valid: rates above 0, --from at"
            f" most --to, up to {MAX_RATE_RPS:,.0f}"
        )
    if not LEAST_PRECISION <= aim.precision <= 1 or math.isnan(aim.precision):
        raise BadSearch(f"--precision {aim.precision:.0%}; valid: from 1% to 100%")
    if not 1 <= aim.confirmations <= MOST_CONFIRMATIONS:
        raise BadSearch(f"--confirm {aim.confirmations}; valid: from 1 to {MOST_CONFIRMATIONS}")
    return aim


def refuse_other(there: Mapping[str, Any], wanted: Asked, seed_given: bool) -> None:  # noqa: FBT001
    """Refuse to go on with a search that was asked for otherwise.

    Raises:
        BadSearch: naming what differs.
    """
    asked = wanted.as_dict()
    keys: Sequence[str] = ("aim", "spec", "seed") if seed_given else ("aim", "spec")
    for key in keys:
        if there.get(key) != asked[key]:
            raise BadSearch(
                f"--out holds a search with another {key}; valid: the same command, another --out"
            )
