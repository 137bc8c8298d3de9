"""What is left of a plan when nothing can send it any more: noted as unsent when it falls due."""

from __future__ import annotations

from openloop.sending import SendingSetup
from openloop.walk import Walk

STOPPED = "stopped"


class _Nothing:
    """Leave to send nothing."""

    def refusal(self, due_s: float, now_s: float) -> str | None:  # noqa: ARG002 - the protocol's
        """Why an arrival must not be sent."""
        return STOPPED


def rest_unsent(setup: SendingSetup, first_k: int) -> Walk:
    """A walk through the rest of the plan, in place of an engine.

    Args:
        setup: Whose arrivals, and who is told.
        first_k: The first of them.
    """
    return Walk(setup, leave=_Nothing(), send=_never, first_k=first_k)


def _never(k: int, intended_s: float) -> None:
    raise AssertionError(f"arrival {k} of {intended_s} s has no leave to be sent")
