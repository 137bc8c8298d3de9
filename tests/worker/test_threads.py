import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from worker.threads import MOST_WARM_THREADS, run_in, warm_pool


@pytest.mark.parametrize(("size", "warm"), [(3, 3), (500, MOST_WARM_THREADS)], ids=["few", "many"])
def test_the_threads_of_a_warm_pool_run_before_the_first_call(size, warm):
    before = threading.active_count()
    with warm_pool(size):
        assert threading.active_count() - before == warm


def test_what_the_work_returns_is_handed_on():
    with ThreadPoolExecutor(1) as pool:
        assert asyncio.run(run_in(pool, lambda: 7, stop=lambda: None)) == 7


async def cancelled_while_running(pool: ThreadPoolExecutor, ended: threading.Event) -> bool:
    begun, stopped = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        stopped.wait(20)
        ended.set()

    task = asyncio.create_task(run_in(pool, work, stopped.set))
    await asyncio.to_thread(begun.wait, 20)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


def test_a_cancelled_caller_stops_the_work_and_waits_for_its_end():
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        assert asyncio.run(cancelled_while_running(pool, ended))
        assert ended.is_set()
