"""What a search asks and what it has seen: plain values for the decisions."""

from dataclasses import dataclass

FROM_REST = "from-rest"
FROM_ABOVE = "from-above"


@dataclass(frozen=True)
class Aim:
    """What is looked for.

    Attributes:
        low_rps: The lowest rate of interest; the search begins there.
        high_rps: The highest.
        precision: The search ends when passing and failing rate are so close, as a share.
        confirmations: Runs at each of the two rates at the end, each with a seed of its own.
        most_runs: The search ends after so many, whatever it knows.
    """

    low_rps: float
    high_rps: float
    precision: float
    confirmations: int
    most_runs: int


@dataclass(frozen=True)
class Try:
    """One run.

    Attributes:
        rate_rps: Where the limits are judged.
        repetition: Of that rate and that way there, from 1.
        came_from: "from-rest", or "from-above": the target was under `above_rps` before.
        above_rps: The rate before; None from rest.
    """

    rate_rps: float
    repetition: int
    came_from: str = FROM_REST
    above_rps: float | None = None


@dataclass(frozen=True)
class Tried:
    """A run that is over.

    Attributes:
        what: What was tried.
        passed: Whether all limits were met; None where the run cannot tell.
        said: Why it did not pass, or cannot tell.
    """

    what: Try
    passed: bool | None
    said: str = ""
