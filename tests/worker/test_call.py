import pytest

from proto.spin_pb2 import SpinRequest
from tests.worker.fakes import HandClock, SteppingClock, fake_machine
from worker.call import Call
from worker.instance import Instance, Place

INSTANCE = Instance(pod="pod-7", id="0123456789abcdef", ready_unix_us=1_700_000_000_000_000)
STEP_US = 100


def call_of(request: SpinRequest, **machine) -> Call:
    parts = {"cpu_ns": SteppingClock(STEP_US * 1000), "wall_ns": HandClock(9_000_000)} | machine
    return Call(request, Place(3, 2), received_ns=4_000_000, machine=fake_machine(**parts))


def spun(request: SpinRequest, **machine):
    call = call_of(request, **machine)
    replies = []
    for index in range(call.shares):
        call.spin_share(index)
        replies.append(call.reply(index, INSTANCE))
    return replies


def test_a_reply_says_who_answered_and_for_which_call():
    (reply,) = spun(SpinRequest(request_id="a-1"))
    assert (reply.request_id, reply.instance_id, reply.pod) == ("a-1", INSTANCE.id, "pod-7")
    assert (reply.instance_seq, reply.concurrency) == (3, 2)
    assert reply.ready_unix_us == INSTANCE.ready_unix_us


def test_a_reply_is_as_long_as_asked():
    (reply,) = spun(SpinRequest(reply_bytes=1234))
    assert len(reply.payload) == 1234


def test_queueing_is_the_time_from_arrival_to_the_first_turn():
    (reply,) = spun(SpinRequest(spin_us=10))
    assert reply.queue_us == 5_000


def test_a_cpu_spin_burns_cpu_time_and_lets_wall_time_pass_as_it_may():
    (reply,) = spun(SpinRequest(spin_us=2_000), wall_ns=SteppingClock(1))
    assert 2_000 <= reply.cpu_us <= 2_000 + 3 * STEP_US
    assert reply.wall_us == 0


def test_a_wall_spin_lets_wall_time_pass_and_burns_cpu_time_as_it_may():
    request = SpinRequest(spin_us=2_000, mode=SpinRequest.WALL)
    (reply,) = spun(request, cpu_ns=SteppingClock(1), wall_ns=SteppingClock(STEP_US * 1000))
    assert 2_000 <= reply.wall_us <= 2_000 + 4 * STEP_US
    assert reply.cpu_us == 0


def test_a_wall_spin_needs_no_turn():
    (reply,) = spun(
        SpinRequest(spin_us=500, mode=SpinRequest.WALL),
        wall_ns=SteppingClock(STEP_US * 1000),
        at_once=0,
    )
    assert reply.wall_us >= 500


def test_throttling_is_what_the_kernel_added_while_the_spin_ran():
    readings = iter([70, 95])
    (reply,) = spun(SpinRequest(spin_us=10), throttled_us=lambda: next(readings))
    assert reply.throttled_us == 25


@pytest.mark.parametrize("replies", [0, 1, 2, 7], ids=["unset", "one", "two", "seven"])
def test_a_stream_burns_the_same_amount_in_as_many_shares_as_replies(replies):
    said = spun(SpinRequest(spin_us=7_000, replies=replies))
    assert [reply.reply_index for reply in said] == list(range(max(1, replies)))
    assert 7_000 <= said[-1].cpu_us <= 7_000 + 3 * STEP_US * len(said)


def test_the_shares_of_a_stream_are_equal_and_its_figures_run_on():
    said = spun(SpinRequest(spin_us=40_000, replies=4))
    for share, reply in enumerate(said, start=1):
        assert share * 10_000 <= reply.cpu_us <= share * 10_000 + 4 * STEP_US


def test_throttling_of_a_stream_runs_on():
    readings = iter([0, 5, 100, 120])
    said = spun(SpinRequest(spin_us=10, replies=2), throttled_us=lambda: next(readings))
    assert [reply.throttled_us for reply in said] == [5, 25]


def test_a_call_stopped_before_its_turn_spins_nothing():
    call = call_of(SpinRequest(spin_us=10_000_000))
    call.stop()
    call.spin_share(0)
    assert (call.started_ns, call.cpu_ns) == (None, 0)


def test_the_turn_is_given_back_when_the_share_is_done():
    call = call_of(SpinRequest(spin_us=1_000))
    call.spin_share(0)
    following = Call(SpinRequest(), Place(4, 1), received_ns=0, machine=call.machine)
    following.spin_share(0)
    assert following.started_ns is not None
