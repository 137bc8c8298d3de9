"""Calls that outlast every limit are refused, with the setting named."""

import pytest

from experiment.forecast.setting import BadQuestion
from experiment.forecast.timeouts import refuse_hopeless
from tests.experiment.forecast.asking import setting

HOUR = ("--grpc-timeout", "1h")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--service-time", "30s"), "--grpc-timeout"),
        (("--service-time", "5m", *HOUR), "timeoutSeconds, 300"),
        (("--service-time", "20s", "--timeout-seconds", "20"), "timeoutSeconds, 20"),
    ],
)
def test_the_setting_that_ends_the_calls_is_named(arguments, said):
    with pytest.raises(BadQuestion, match=said):
        refuse_hopeless([setting("--rps", "1", *arguments)])


@pytest.mark.parametrize(
    "arguments",
    [("--service-time", "29s"), ("--service-time", "6m", *HOUR, "--timeout-seconds", "600")],
)
def test_calls_that_can_end_in_time_are_not(arguments):
    refuse_hopeless([setting("--rps", "1", *arguments)])


def test_of_several_the_longest_counts():
    short, long = (setting("--rps", "1", "--service-time", text) for text in ("1s", "31s"))

    with pytest.raises(BadQuestion, match="calls of 31s"):
        refuse_hopeless([short, long])
