import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from worker.threads import MOST_WARM_THREADS, run_in, warm_pool

PATIENCE_S = 20


@pytest.mark.parametrize(("size", "warm"), [(3, 3), (500, MOST_WARM_THREADS)], ids=["few", "many"])
def test_the_threads_of_a_warm_pool_run_before_the_first_call(size, warm):
    before = set(threading.enumerate())  # some may end meanwhile: other tests have left them
    with warm_pool(size):
        assert len(set(threading.enumerate()) - before) == warm


def test_what_the_work_returns_is_handed_on():
    with ThreadPoolExecutor(1) as pool:
        assert asyncio.run(run_in(pool, lambda: 7, stop=lambda: None)) == 7


async def cancelled_while_running(
    pool: ThreadPoolExecutor, stopped: threading.Event
) -> tuple[bool, bool]:
    """Whether the caller was done while the work still ran, and whether it ended as cancelled."""
    begun, may_end = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(PATIENCE_S)

    task = asyncio.create_task(run_in(pool, work, stopped.set))
    await asyncio.to_thread(begun.wait, PATIENCE_S)
    task.cancel()
    await asyncio.to_thread(stopped.wait, PATIENCE_S)
    done_before_the_work = task.done()
    may_end.set()
    await asyncio.wait([task])
    return done_before_the_work, task.cancelled()


def test_a_cancelled_caller_stops_the_work_and_waits_for_its_end():
    stopped = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        done_before_the_work, cancelled = asyncio.run(cancelled_while_running(pool, stopped))
    assert stopped.is_set()
    assert not done_before_the_work
    assert cancelled
