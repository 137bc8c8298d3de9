"""A pod's log through breaks of the connection."""

import pytest

from experiment.kube_errors import ApiRefused, Unreachable
from experiment.launch import pod_log
from experiment.launch.pod_log import follow_log
from tests.experiment.made_cluster import MadeCluster

ONE, TWO, THREE = (f"2026-01-01T00:00:0{n}.5Z line {n}" for n in (1, 2, 3))


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr(pod_log, "AGAIN_S", 0)


def followed(*parts, over=True):
    cluster = MadeCluster(said=[list(part) for part in parts])
    return cluster, follow_log(cluster, "shop", "m", "locust", lambda: over and not cluster.said)


def test_a_log_is_told_without_its_stamps():
    _, lines = followed([ONE, TWO])
    assert list(lines) == ["line 1", "line 2"]


def test_after_a_break_it_goes_on_where_it_was_and_no_line_comes_twice():
    cluster, lines = followed([ONE, TWO, Unreachable("broke")], [TWO, THREE])
    assert list(lines) == ["line 1", "line 2", "line 3"]
    assert cluster.asked_logs[1]["sinceTime"] == "2026-01-01T00:00:02.5Z"


def test_an_api_that_stays_away_is_given_up(monkeypatch):
    monkeypatch.setattr(pod_log, "PATIENCE_S", 0)
    _, lines = followed([ONE, ApiRefused(500, "no")], [ApiRefused(500, "no")], over=False)
    with pytest.raises(ApiRefused):
        list(lines)
