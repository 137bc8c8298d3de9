"""What Locust would do to a run is settled before the run."""

import logging
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import locust.runners
import pytest
from locust import argument_parser
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from openloop.lease import MASTER_LOST_S
from openloop.locust_settings import (
    HIGH_SPAWN_RATE,
    is_no_word_on_tokens,
    settle_locust,
    work_defaults_out_once,
)
from shapes.errors import InvalidValue


def environment_of(runner_class, **options):
    """An environment as Locust has made it, around a runner that was never set up."""
    unborn = type(
        "Unborn", (runner_class,), {"__init__": lambda _: None, "__del__": lambda _: None}
    )
    given = {"json": True, "json_file": "stats", "enable_rebalancing": False, **options}
    return SimpleNamespace(
        runner=unborn(),
        parsed_options=Namespace(**given),
        stop_timeout=30.0,
        reset_stats=True,
    )


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    monkeypatch.setattr(locust.runners, "HEARTBEAT_LIVENESS", 3)


@pytest.mark.parametrize("runner", [LocalRunner, MasterRunner, WorkerRunner])
def test_locust_does_not_wait_for_the_stop_timeout_once_more(runner):
    environment = environment_of(runner)
    settle_locust(environment)
    assert environment.stop_timeout == 0


@pytest.mark.parametrize("runner", [LocalRunner, MasterRunner, WorkerRunner])
def test_edits_do_not_reset_the_statistics_and_the_user_is_told(runner, caplog):
    environment = environment_of(runner)
    settle_locust(environment)
    assert environment.reset_stats is False
    assert "use --warm-up" in caplog.text


def test_a_master_rebalances_and_outwaits_its_members():
    environment = environment_of(MasterRunner)
    settle_locust(environment)
    assert environment.parsed_options.enable_rebalancing is True
    assert locust.runners.HEARTBEAT_LIVENESS > MASTER_LOST_S


def test_a_worker_leaves_the_json_file_to_the_master():
    for runner, kept in ((MasterRunner, "stats"), (WorkerRunner, None)):
        environment = environment_of(runner)
        settle_locust(environment)
        assert environment.parsed_options.json_file == kept


def test_an_option_that_cannot_travel_is_refused_by_name():
    with pytest.raises(InvalidValue, match="option folder is PosixPath") as refused:
        settle_locust(environment_of(MasterRunner, folder=Path("x")))
    assert "\n" not in str(refused.value)


def test_an_option_that_cannot_travel_is_fine_where_it_need_not():
    settle_locust(environment_of(LocalRunner, folder=Path("x")))


def test_only_the_warning_of_high_spawn_rates_is_left_out():
    def record(text):
        return logging.LogRecord("locust.runners", logging.WARNING, "", 0, text, (), None)

    assert not is_no_word_on_tokens(record(f"{HIGH_SPAWN_RATE} (>100/worker), and this is known"))
    assert is_no_word_on_tokens(record("Worker w failed to send heartbeat"))


def test_locust_still_words_its_warning_so():
    source = Path(locust.runners.__file__).read_text(encoding="utf-8")
    assert HIGH_SPAWN_RATE in source


def test_a_worker_works_locusts_defaults_out_once(monkeypatch):
    asked = []
    monkeypatch.setattr(argument_parser, "default_args_dict", lambda: asked.append(1) or {"a": 1})
    work_defaults_out_once()
    work_defaults_out_once()
    assert [argument_parser.default_args_dict() for _ in range(3)] == [{"a": 1}] * 3
    assert asked == [1]
