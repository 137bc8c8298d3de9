import math

import pytest

from shapes.errors import InvalidValue
from tests.verdict.fakes import summary, summary_of_failing
from verdict.checks import METRICS, evaluate, parse_check


def met(text, of) -> bool:
    return evaluate([parse_check(text)], of)[0].passed


@pytest.mark.parametrize(
    ("text", "metric", "op", "limit"),
    [
        ("p99<800ms", "p99", "<", 0.8),
        (" p50 <= 1.5s ", "p50", "<=", 1.5),
        ("success>=0.999", "success", ">=", 0.999),
        ("success >= 99.9%", "success", ">=", 0.999),
        ("slowdown_p99<2", "slowdown_p99", "<", 2.0),
        ("rps>45.5", "rps", ">", 45.5),
        ("cold<=1%", "cold", "<=", 0.01),
    ],
)
def test_an_expression_is_a_metric_a_comparison_and_a_number(text, metric, op, limit):
    check = parse_check(text)
    assert (check.metric, check.op) == (metric, op)
    assert check.limit == pytest.approx(limit)


@pytest.mark.parametrize(
    "text",
    [
        "", "p99", "p99<", "<800ms", "p42<800ms", "p99=800ms", "p99==800ms", "p99<800ms<1s",
        "p99<-800ms", "p99<nan", "p99<infs", "success>=1.5", "success>=150%", "rps>fast",
        "rps>nan", "slowdown_p99<-1", "p99<800",
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_in_one_line(text):
    with pytest.raises(InvalidValue) as error:
        parse_check(text)
    assert "valid" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_time_without_a_unit_is_refused_for_nobody_knows_which_was_meant():
    with pytest.raises(InvalidValue, match="unit"):
        parse_check("p99<800")


def test_an_unknown_metric_is_answered_with_those_that_exist():
    with pytest.raises(InvalidValue, match="slowdown_p99"):
        parse_check("latency<1s")


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("p99<105ms", True), ("p99<103ms", False), ("p50>100ms", True), ("success>=1", True),
        ("slowdown_p99<=1.05", True), ("slowdown_p99<=1.03", False), ("rps>=10", True),
        ("rps>10", False), ("mean<102ms", True), ("cold<1%", True), ("lag_p99<1ms", True),
        ("service_p99<105ms", True),
    ],
)  # fmt: skip
def test_a_check_compares_the_summarys_number(text, passed):
    assert met(text, summary()) is passed


def test_every_metric_leads_to_a_number_of_the_summary():
    texts = [
        f"{name}>=0{'ms' if metric.unit == 'time' else ''}" for name, metric in METRICS.items()
    ]
    results = evaluate([parse_check(text) for text in texts], summary())
    assert all(result.passed for result in results)


def test_a_percentile_that_failures_push_to_infinity_is_missed():
    result = evaluate([parse_check("p99<800ms")], summary_of_failing(0.03))[0]
    assert not result.passed
    assert result.measured == math.inf
    assert "not reached" in result.said


def test_a_mean_of_survivors_passes_no_check():
    assert not met("mean<1h", summary_of_failing(0.03))


def test_without_a_value_no_check_passes():
    assert not met("p99<800ms", summary(latency_s=None))
    assert not met("p99>1ms", summary(latency_s=None))
    assert not met("success>=0", summary(success=None))
