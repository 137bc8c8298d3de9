import hypothesis.strategies as st
import pytest
from hypothesis import given

from tests.worker.fakes import HandClock
from worker.spin import SYSTEM_CLOCKS, burn, sha256_chunks

CHUNK_NS = 33_000


def yes(_now_ns: int) -> bool:
    return True


@given(amount_ns=st.integers(0, 10_000_000), chunk_ns=st.integers(1_000, 300_000))
def test_a_spin_is_too_long_by_less_than_one_chunk_and_never_too_short(amount_ns, chunk_ns):
    clock = HandClock(now_ns=17)
    burn(amount_ns, clock, yes, lambda: clock.move(chunk_ns))
    assert amount_ns <= clock.now_ns - 17 < amount_ns + chunk_ns


@pytest.mark.parametrize("amount_ns", [0, -5], ids=["nothing", "less-than-nothing"])
def test_a_spin_of_nothing_does_no_work(amount_ns):
    burn(amount_ns, HandClock(), yes, lambda: pytest.fail("worked"))


def test_a_stopped_spin_does_no_further_chunk():
    clock, chunks = HandClock(), iter([True, True, False])
    burn(10**9, clock, lambda _: next(chunks), lambda: clock.move(CHUNK_NS))
    assert clock.now_ns == 2 * CHUNK_NS


def test_it_is_asked_with_the_time_whether_to_go_on():
    clock, asked = HandClock(), []
    burn(3, clock, lambda now_ns: asked.append(now_ns) or True, lambda: clock.move(1))
    assert asked == [0, 1, 2]


def test_a_chunk_takes_cpu_time_of_this_thread():
    work, clock = sha256_chunks(), SYSTEM_CLOCKS.cpu_ns
    before = clock()
    for _ in range(20):
        work()
    assert clock() - before > 20_000
