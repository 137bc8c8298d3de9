"""Asking an API that may be out of reach for a while: again and again, for a bounded time."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from experiment.clock import Clock
from experiment.kube_errors import ApiRefused, KubeError, Unreachable
from experiment.sweep.ground import ApiGone

PATIENCE_S = 120.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
Answer = TypeVar("Answer")


def patiently(
    ask: Callable[[], Answer], clock: Clock | None = None, patience_s: float = PATIENCE_S
) -> Answer:
    """The answer; asked again while the API server is out of reach, overloaded or starts anew.

    What is asked may be done twice: the answer of the first time can get lost.

    Raises:
        ApiGone: when it stays so for `patience_s`.
        KubeError: for any other refusal, at once.
    """
    clock = clock or Clock()
    began_s, pause_s = clock.now_s(), FIRST_PAUSE_S
    while True:
        try:
            return ask()
        except KubeError as error:
            if not passes(error):
                raise
            waited_s = clock.now_s() - began_s
            if waited_s + pause_s > patience_s:
                raise ApiGone(f"{error}; asked again for {waited_s:.0f} s") from None
        clock.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def passes(error: KubeError) -> bool:
    """Whether what is wrong may pass by itself: no way to the server, or trouble within it."""
    if isinstance(error, ApiRefused):
        is_trouble = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return is_trouble or error.status == HTTPStatus.TOO_MANY_REQUESTS
    return isinstance(error, Unreachable)
