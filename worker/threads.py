"""The threads that spin, and waiting for them from the event loop."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from worker.spin import sha256_chunks

MOST_WARM_THREADS = 64

T = TypeVar("T")


def warm_pool(size: int) -> ThreadPoolExecutor:
    """A pool of `size` threads; the first 64 run and have hashed before this returns.

    So the first call starts no thread and loads nothing. A pool's threads begin one by one
    as they are needed, which costs about 0.1 ms each beyond those.
    """
    pool = ThreadPoolExecutor(max_workers=size, thread_name_prefix="spin")
    warm = min(size, MOST_WARM_THREADS)
    everyone_is_here = threading.Barrier(warm)

    def warm_up() -> None:
        everyone_is_here.wait()
        sha256_chunks()()

    for started in [pool.submit(warm_up) for _ in range(warm)]:
        started.result()
    return pool


async def run_in(pool: ThreadPoolExecutor, work: Callable[[], T], stop: Callable[[], None]) -> T:
    """Run `work` on a thread. When the caller is cancelled, `stop` it and wait for it to end."""
    running = asyncio.wrap_future(pool.submit(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait([running])
        raise
