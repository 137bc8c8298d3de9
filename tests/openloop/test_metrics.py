import pytest
from prometheus_client.parser import text_string_to_metric_families

from openloop.metrics import metrics_text
from tests.openloop.live_fakes import board, member_state, second


def samples(view):
    families = text_string_to_metric_families(metrics_text(view).decode())
    return {
        (one.name, tuple(one.labels.values())): one.value
        for family in families
        for one in family.samples
    }


@pytest.fixture
def figures():
    spoiled = second(1, failed=2, unsent={"max-in-flight": 3})
    return samples(
        board(
            [
                member_state("w0", [second(0, ok=5, latency_s=0.2), spoiled]),
                member_state("w1", [second(0, ok=4, in_flight=2, latency_s=0.02)]),
            ]
        )
    )


def test_the_counts_are_there_by_end_and_reason(figures):
    assert figures["open_loop_sent_total", ()] == 11
    assert figures["open_loop_ended_total", ("ok",)] == 9
    assert figures["open_loop_failed_total", ("deadline",)] == 2
    assert figures["open_loop_unsent_total", ("max-in-flight",)] == 3


def test_members_are_there_with_their_clocks(figures):
    assert figures["open_loop_members", ()] == 2
    assert figures["open_loop_in_flight", ("w1",)] == 2
    assert figures["open_loop_clock_error_seconds", ("w0",)] == pytest.approx(0.0002)


def test_failures_are_in_the_last_bucket_alone(figures):
    assert figures["open_loop_latency_seconds_bucket", ("0.1",)] == 4
    assert figures["open_loop_latency_seconds_bucket", ("300",)] == 9
    assert figures["open_loop_latency_seconds_bucket", ("+Inf",)] == 11
    assert figures["open_loop_latency_seconds_count", ()] == 11


def test_the_verdict_so_far_is_one_of_three(figures):
    levels = {labels: value for (name, labels), value in figures.items() if "verdict" in name}
    assert levels[("INVALID",)] == 1
    assert sum(levels.values()) == 1


def test_before_the_first_run_nothing_is_under_way():
    empty = board()
    empty.run = None
    assert samples(empty) == {
        ("open_loop_run_under_way", ()): 0,
        ("open_loop_offered_rps", ()): 0,
    }
