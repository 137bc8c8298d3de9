from types import SimpleNamespace

import gevent
import pytest

from openloop.start_gate import StartGate


@pytest.fixture
def stops():
    return []


@pytest.fixture
def runner(stops):
    return SimpleNamespace(stop=lambda *given, **named: stops.append((given, named)))


def test_a_stop_while_a_run_is_prepared_waits_for_its_beginning(runner, stops):
    gate = StartGate(runner)
    with gate.preparing():
        stopping = gevent.spawn(runner.stop, send_stop_to_client=False)
        gevent.sleep(0)
        assert stops == []
    stopping.join()
    assert stops == [((), {"send_stop_to_client": False})]


def test_a_stop_at_any_other_time_stops_at_once(runner, stops):
    StartGate(runner)
    runner.stop()
    assert stops == [((), {})]


def test_a_preparation_that_fails_lets_stops_through(runner, stops):
    gate = StartGate(runner)
    with pytest.raises(ValueError, match="refused"), gate.preparing():
        raise ValueError("refused")
    runner.stop()
    assert len(stops) == 1
