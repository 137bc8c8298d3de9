"""Our part in a run: checks, connecting before the epoch, closing after it."""

from types import SimpleNamespace

import pytest
from locust.env import Environment
from locust.runners import MasterRunner

from grpc_user.embedded_workers import ATTRIBUTE as WORKER
from grpc_user.embedded_workers import end_embedded_worker
from grpc_user.plugin import after_run, before_epoch, check_options, install, on_init
from grpc_user.session import ATTRIBUTE, close_session
from grpc_user.spin_user import SpinUser
from openloop.errors import StartRefused
from openloop.hooks import BEFORE_EPOCH
from shapes.errors import InvalidValue
from tests.grpc_user.conftest import ProbeUser


def environment(user_class=ProbeUser, **kwargs):
    options = SimpleNamespace(processes=kwargs.pop("processes", None))
    return SimpleNamespace(user_classes=[user_class], parsed_options=options, runner=None, **kwargs)


@pytest.fixture
def prepared():
    """Prepares environments and closes them."""
    made = []

    def prepare(request, user_class=ProbeUser):
        env = environment(user_class)
        made.append(env)
        before_epoch(environment=env, request=request)
        return env

    yield prepare
    for env in made:
        close_session(env)
        end_embedded_worker(env)


def test_connections_are_open_before_the_epoch_and_closed_after_the_run(prepared, probe):
    env = prepared({"host": probe.host})
    session = getattr(env, ATTRIBUTE)
    keeper = session.transport(probe.host).keeper
    assert all(connection.wire.wait_until_ready(1) for connection in keeper.pool.connections)
    after_run(environment=env)
    assert getattr(env, ATTRIBUTE) is None


def test_a_target_that_is_down_refuses_the_run_in_one_line(prepared):
    with pytest.raises(StartRefused, match=r"cannot connect to 127\.0\.0\.1:1: Connection refused"):
        prepared({"host": "127.0.0.1:1"})


def test_an_unknown_method_refuses_the_run(prepared, probe):
    with pytest.raises(StartRefused, match="valid: Chat, Gather, Many, One, Seen"):
        prepared({"host": probe.host, "call": "probe.v1.Probe/Two"})


def test_data_that_does_not_fit_refuses_the_run(prepared, probe):
    with pytest.raises(StartRefused, match=r"is no probe\.v1\.Ask"):
        prepared({"host": probe.host, "call": "probe.v1.Probe/One", "data": '{"x": 1}'})


def test_the_spin_user_starts_its_own_target(prepared):
    env = prepared({"host": ""}, SpinUser)
    assert SpinUser.target_host(env, getattr(env, ATTRIBUTE)).startswith("127.0.0.1:")


def test_what_we_started_ends_with_locust():
    env = Environment(user_classes=[SpinUser])
    on_init(environment=env)
    before_epoch(environment=env, request={"host": ""})
    worker = getattr(env, WORKER)
    env.events.quit.fire(exit_code=0)
    assert not worker.alive
    assert getattr(env, ATTRIBUTE) is None


def test_a_user_without_any_target_is_refused():
    with pytest.raises(StartRefused, match="ProbeUser has no target; valid: --host"):
        check_options(environment=environment(), request={"host": ""})


def test_a_master_without_a_target_is_refused_but_not_its_own_processes():
    class Master(MasterRunner):
        def __init__(self):
            self.greenlet = None

    master = Master()
    alone = environment(SpinUser)
    alone.runner = master
    with pytest.raises(StartRefused, match="one machine only; valid: --host"):
        check_options(environment=alone, request={"host": ""})
    with_processes = environment(SpinUser, processes=2)
    with_processes.runner = master
    check_options(environment=with_processes, request={"host": ""})


def test_a_classs_own_host_is_held_to_the_same_rules():
    class Elsewhere(ProbeUser):
        host = "example.com:80"

    with pytest.raises(InvalidValue, match="plain text"):
        check_options(environment=environment(Elsewhere), request={"host": ""})


def test_options_are_checked_before_a_run():
    with pytest.raises(InvalidValue, match="--data without --call"):
        check_options(environment=environment(), request={"host": "localhost:1", "data": "{}"})


def test_other_users_runs_are_left_alone():
    class HttpLike:
        host = "http://example.com"

    check_options(environment=environment(HttpLike), request={"host": "http://example.com"})
    before_epoch(environment=environment(HttpLike), request={"host": "http://example.com"})


def test_installing_twice_changes_nothing():
    before = len(BEFORE_EPOCH._listeners)
    install()
    assert len(BEFORE_EPOCH._listeners) == before


def test_calls_say_themselves_when_they_left():
    assert SpinUser.marks_sent
