"""Calls that no limit of time lets finish: refused before anything is forecast of them."""

from collections.abc import Iterable

from experiment.forecast.setting import BadQuestion, Setting
from experiment.knative.defaults import DEFAULTS, TIMEOUT
from shapes.quantities import format_duration

TIMEOUT_SECONDS = DEFAULTS["config-defaults"][TIMEOUT]
"""What Knative gives a call where the Service says nothing."""


def refuse_hopeless(settings: Iterable[Setting]) -> None:
    """Say which limit a call outlasts even where it waits for nothing.

    Raises:
        BadQuestion: for the longest such call.
    """
    longest = max(settings, key=lambda one: one.cell.spin_s)
    spin_s, deadline_s = longest.cell.spin_s, longest.asked.system.deadline_s
    spin = format_duration(spin_s)
    if spin_s >= deadline_s:
        raise BadQuestion(
            f"calls of {spin} are given up at their deadline of {format_duration(deadline_s)}"
            " (--grpc-timeout; `timeout` of a sweep): none can succeed; valid: a longer deadline,"
            " or shorter calls"
        )
    timeout_s = longest.values.timeout_seconds
    if spin_s >= timeout_s:
        raise BadQuestion(
            f"calls of {spin} are ended by Knative after timeoutSeconds, {timeout_s:g}"
            " (--timeout-seconds): none can succeed; valid: kn service update --timeout above"
            " that, or shorter calls"
        )
