"""Calls of users against a real server: the four kinds, and what becomes of each."""

import gevent
import grpc
import pytest

from grpc_user.call_failed import CallFailed
from tests.grpc_user.conftest import ProbeUser
from tests.grpc_user.probe_pb2 import Ask

FOR_EACH_TRANSPORT = True

ONE = "/probe.v1.Probe/One"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        pytest.param(lambda stub: stub.One(Ask(text="a")).text, "a", id="unary"),
        pytest.param(
            lambda stub: [answer.index for answer in stub.Many(Ask(replies=3))],
            [0, 1, 2],
            id="server-stream",
        ),
        pytest.param(
            lambda stub: stub.Gather(iter([Ask(text="a"), Ask(text="b")])).text,
            "a b",
            id="client-stream",
        ),
        pytest.param(
            lambda stub: [answer.text for answer in stub.Chat(iter([Ask(text=t) for t in "xy"]))],
            ["x", "y"],
            id="both-streams",
        ),
    ],
)
def test_a_generated_stub_works_unchanged(run, call, expected):
    user = run.user()
    assert run.do(lambda: call(user.stub)) == expected
    assert run.outcome.status == "ok"
    assert run.outcome.code == "OK"


def test_one_event_an_arrival_says_all_of_a_unary_call(run):
    user = run.user()
    run.do(lambda: user.stub.One(Ask(text="hello", reply_bytes=100)))
    (event,) = run.events
    (arrival,) = run.arrivals
    assert (event["request_type"], event["name"], event["exception"]) == ("grpc", ONE, None)
    assert event["response"].text == "hello"
    assert event["response_length"] == arrival.outcome.reply_bytes > 100
    assert arrival.outcome.request_bytes == Ask(text="hello", reply_bytes=100).ByteSize()
    assert arrival.method == ONE
    assert arrival.intended_s <= arrival.sent_s <= arrival.outcome.received_s
    assert event["context"]["k"] == 0
    assert event["context"]["sent"] == arrival.sent_s


def test_open_loop_latency_counts_from_the_intended_time(run):
    user = run.user()
    greenlet = run.start(lambda: (gevent.sleep(0.1), user.stub.One(Ask())))
    greenlet.get()
    (arrival,) = run.arrivals
    expected_ms = (arrival.outcome.received_s - arrival.intended_s) * 1000
    assert run.events[0]["response_time"] == pytest.approx(expected_ms)
    assert expected_ms > 100


def test_closed_loop_latency_counts_from_the_sending(run):
    user = run.user()
    gevent.spawn(lambda: (gevent.sleep(0.2), user.stub.One(Ask()))).get()
    assert run.events[0]["response_time"] < 200
    assert "k" not in run.events[0]["context"]


def test_a_stream_is_timed_to_its_first_message_and_to_its_end(run):
    user = run.user()

    def read():
        return list(user.stub.Many(Ask(replies=3, delay_s=0.1)))

    run.do(read)
    first, whole = run.events
    assert (first["name"], whole["name"]) == (
        "/probe.v1.Probe/Many [first]",
        "/probe.v1.Probe/Many",
    )
    assert 100 <= first["response_time"] <= whole["response_time"] - 200
    assert whole["response_length"] == run.outcome.reply_bytes


def test_each_message_is_an_event_when_asked_for(run):
    class Talkative(ProbeUser):
        report_messages = True

    user = run.user(Talkative)
    run.do(lambda: list(user.stub.Many(Ask(replies=3, delay_s=0.1))))
    names = [event["name"].removeprefix("/probe.v1.Probe/") for event in run.events]
    assert names == ["Many [first]", "Many [msg]", "Many [msg]", "Many"]
    assert run.events[1]["response_time"] >= 100 * 0.9


def test_the_failure_of_a_call_is_raised_as_grpc_raises_it(run):
    user = run.user()
    with pytest.raises(grpc.RpcError) as raised:
        run.do(lambda: user.stub.One(Ask(code=7, details="not you")))
    assert raised.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert dict(raised.value.trailing_metadata())["trailing"] == "here"
    assert run.outcome.failure_class == "app"
    assert run.outcome.detail == "not you"


def test_a_deadline_is_on_every_call(new_run, probe):
    run = new_run(probe.host, grpc_timeout="200ms")
    user = run.user()
    with pytest.raises(CallFailed, match="DEADLINE_EXCEEDED: deadline"):
        run.do(lambda: user.stub.One(Ask(delay_s=30)))
    assert run.outcome.failure_class == "deadline"


@pytest.mark.parametrize("where", ["call", "class"])
def test_a_nearer_deadline_wins_over_the_option(run, where):
    class Hasty(ProbeUser):
        timeout_s = 0.2

    user = run.user(Hasty if where == "class" else ProbeUser)
    options = {} if where == "class" else {"timeout": 0.2}
    with pytest.raises(CallFailed, match="DEADLINE_EXCEEDED: deadline"):
        run.do(lambda: user.stub.One(Ask(delay_s=30), **options))


def test_metadata_of_options_user_and_call_are_all_sent(new_run, probe):
    class Signed(ProbeUser):
        def call_metadata(self):
            return (("from-user", "u"),)

    run = new_run(probe.host, Signed, metadata="from-options=o")
    user = run.user(Signed)
    answer = run.do(lambda: user.stub.One(Ask(), metadata=(("from-call", "c"),)))
    assert {name: answer.metadata[name] for name in ("from-options", "from-user", "from-call")} == {
        "from-options": "o",
        "from-user": "u",
        "from-call": "c",
    }


def test_an_arrivals_traceparent_is_sent_and_a_tasks_own_is_kept(run):
    user = run.user()
    made = run.do(lambda: user.stub.One(Ask())).metadata["traceparent"]
    own = run.do(lambda: user.stub.One(Ask(), metadata=(("traceparent", "mine"),)))
    assert made.startswith("00-")
    assert own.metadata["traceparent"] == "mine"


@pytest.mark.parametrize("code", [grpc.StatusCode.NOT_FOUND, "NOT_FOUND"], ids=["enum", "name"])
@pytest.mark.parametrize("where", ["call", "class"])
def test_an_expected_code_is_a_success(run, where, code):
    class Expecting(ProbeUser):
        ok_codes = (code,) if where == "class" else ()

    user = run.user(Expecting)
    options = {"ok_codes": (code,)} if where == "call" else {}
    assert run.do(lambda: user.stub.One(Ask(code=5), **options)) is None
    assert (run.outcome.status, run.outcome.code) == ("ok", "NOT_FOUND")
    assert run.failure_keys == []


def test_calls_can_be_renamed_one_by_one_and_in_a_block(run):
    user = run.user()

    def task():
        user.stub.One(Ask(), name="alone")
        with user.rename_calls("in a block"):
            user.stub.One(Ask())
        user.stub.One(Ask())

    run.do(task)
    assert [event["name"] for event in run.events] == ["alone", "in a block", ONE]


def test_a_task_judges_its_call(run):
    user = run.user()

    def fail_a_good_one():
        with user.stub.One(Ask(text="wrong"), catch_response=True) as call:
            call.failure(f"text is {call.reply.text}")

    def pass_a_bad_one():
        with user.stub.One(Ask(code=5), catch_response=True) as call:
            assert call.code() is grpc.StatusCode.NOT_FOUND
            call.success()

    run.do(fail_a_good_one)
    run.do(pass_a_bad_one)
    assert [arrival.outcome.status for arrival in run.arrivals] == ["failed", "ok"]
    assert run.failure_keys == ["CatchResponseError('text is wrong')"]
    assert run.arrivals[0].outcome.failure_class == "app"


def test_a_call_that_its_task_does_not_judge_is_judged_by_its_status(run):
    user = run.user()

    def task():
        with user.stub.One(Ask(code=14), catch_response=True):
            pass

    run.do(task)
    assert run.failure_keys == ["UNAVAILABLE: app"]


def test_an_error_in_the_judging_block_is_raised_and_the_call_reported(run):
    user = run.user()

    def task():
        with user.stub.One(Ask(), catch_response=True):
            raise KeyError("mine")

    with pytest.raises(KeyError):
        run.do(task)
    assert len(run.events) == 1


def test_a_task_judges_a_stream(run):
    user = run.user()

    def task():
        with user.stub.Many(Ask(replies=2), catch_response=True) as stream:
            if len(list(stream)) != 3:
                stream.failure("one is missing")

    run.do(task)
    assert run.failure_keys == ["CatchResponseError('one is missing')"]


def test_enough_of_a_stream_can_be_a_success(run):
    user = run.user()

    def task():
        with user.stub.Many(Ask(replies=1000, delay_s=0.01), catch_response=True) as stream:
            next(stream)
            stream.success()

    run.do(task)
    assert run.outcome.status == "ok"


def test_a_stream_dropped_halfway_is_cancelled_and_reported(new_run, start_probe, seen, eventually):
    server = start_probe()
    run = new_run(server.host)
    user = run.user()
    run.do(lambda: next(user.stub.Many(Ask(replies=1000, delay_s=0.05))) and None)
    assert run.failure_keys == ["CANCELLED: cancelled"]
    assert eventually(lambda: seen(server).cancelled == 1)


@pytest.mark.parametrize("at", ["reading", "between-messages"])
def test_a_stream_is_cut_off_with_its_task(new_run, start_probe, seen, eventually, at):
    server = start_probe()
    run = new_run(server.host)
    user = run.user()

    def task():
        stream = user.stub.Many(Ask(replies=1000, delay_s=0.05))
        next(stream)
        if at == "between-messages":
            gevent.sleep(60)
        list(stream)

    greenlet = run.start(task)
    assert eventually(lambda: len(run.events) == 1)  # [first]
    greenlet.kill()
    assert eventually(lambda: run.failure_keys == ["CANCELLED: cancelled"])
    assert run.outcome.status == "unfinished"
    assert eventually(lambda: seen(server).cancelled == 1)
    assert user._caller._transport.keeper.pool.in_flight == 0


def test_a_call_cut_off_while_it_waits_for_a_stream_counts_as_never_sent(new_run, probe):
    run = new_run(probe.host, connections="1")
    user = run.user()
    run.limit_streams(user, 1)
    holding = run.start(lambda: user.stub.One(Ask(delay_s=60)))
    gevent.sleep(0.1)
    waiting = run.start(lambda: user.stub.One(Ask()))
    gevent.sleep(0.05)
    waiting.kill()
    assert (run.outcome, run.arrivals[-1].sent_s) == (None, None)
    holding.kill()
    assert run.arrivals[0].outcome.status == "unfinished"


def test_the_wait_for_a_stream_is_lag_and_not_service(new_run, probe):
    run = new_run(probe.host, connections="1")
    user = run.user()
    run.limit_streams(user, 1)
    greenlets = [run.start(lambda: user.stub.One(Ask(delay_s=0.2))) for _ in range(2)]
    gevent.joinall(greenlets)
    lags = [arrival.sent_s - arrival.intended_s for arrival in run.arrivals]
    services = [arrival.outcome.received_s - arrival.sent_s for arrival in run.arrivals]
    assert lags[0] < 0.2 <= lags[1]
    assert max(services) < 0.4


def test_a_call_given_up_while_waiting_is_all_lag(new_run, probe):
    run = new_run(probe.host, connections="1", grpc_timeout="300ms")
    user = run.user()
    run.limit_streams(user, 1)
    holding = run.start(lambda: user.stub.One(Ask(delay_s=5), timeout=2))
    gevent.sleep(0.05)
    with pytest.raises(CallFailed, match="DEADLINE_EXCEEDED: stream-limit"):
        run.do(lambda: user.stub.One(Ask()))
    assert run.outcome.failure_class == "stream-limit"
    assert run.arrivals[-1].sent_s - run.arrivals[-1].intended_s >= 0.3
    holding.kill()


def test_a_future_is_cancelled_by_its_task(new_run, start_probe, seen, eventually):
    server = start_probe()
    run = new_run(server.host)
    user = run.user()

    def task():
        future = user.stub.One.future(Ask(delay_s=60))
        assert eventually(lambda: seen(server).started == 1)
        assert future.cancel()
        return future

    future = run.do(task)
    assert future.cancelled()
    with pytest.raises(grpc.FutureCancelledError):
        future.result()
    assert (run.outcome.status, run.outcome.failure_class) == ("failed", "cancelled")
    assert eventually(lambda: seen(server).cancelled == 1)


def test_a_future_ends_with_its_killed_task(new_run, start_probe, seen, eventually):
    server = start_probe()
    run = new_run(server.host)
    user = run.user()
    greenlet = run.start(lambda: user.stub.One.future(Ask(delay_s=60)).result())
    assert eventually(lambda: seen(server).started == 1)
    greenlet.kill()
    assert eventually(lambda: run.failure_keys == ["CANCELLED: cancelled"])
    assert eventually(lambda: seen(server).cancelled == 1)


def test_a_future_gives_what_the_call_gives(run):
    user = run.user()

    def task():
        good = user.stub.One.future(Ask(text="a"))
        bad = user.stub.One.future(Ask(code=5))
        done = []
        good.add_done_callback(done.append)
        assert good.result().text == "a"
        assert good.code() is grpc.StatusCode.OK
        assert bad.exception().code() is grpc.StatusCode.NOT_FOUND
        with pytest.raises(grpc.FutureTimeoutError):
            user.stub.One.future(Ask(delay_s=5), timeout=1).result(timeout=0.05)
        gevent.sleep(0)
        return done

    assert len(run.do(task)) == 1


def test_a_failing_request_iterator_is_our_own_fault(run):
    user = run.user()

    def requests():
        yield Ask()
        raise ValueError("in the task")

    with pytest.raises(CallFailed):
        run.do(lambda: user.stub.Gather(requests()))
    assert run.outcome.failure_class == "generator"


def test_a_reply_that_does_not_decode_is_a_failure(run):
    user = run.user()
    broken = user.grpc.unary_unary(ONE, Ask.SerializeToString, lambda body: 1 / 0)
    with pytest.raises(CallFailed, match="INTERNAL: app"):
        run.do(lambda: broken(Ask()))
    assert "does not decode" in run.outcome.detail


def test_a_big_reply_is_not_our_limit(run):
    user = run.user()
    run.do(lambda: user.stub.One(Ask(reply_bytes=5_000_000)))
    assert run.outcome.reply_bytes > 5_000_000


def test_a_slow_call_does_not_hold_up_others(run):
    user = run.user()
    slow = run.start(lambda: user.stub.One(Ask(delay_s=2)))
    for _ in range(10):
        run.do(lambda: user.stub.One(Ask()))
    assert not slow.ready()
    slow.kill()
