"""`python -m tests.grpc_user.engine.dying_hub HOST FOLDER RATE_RPS`: a hub that is to be killed.

It records what its engine tells, as a run does, and prints the engine's process id.
"""

import sys
import time
from pathlib import Path

from grpc_user.engine.handle import EngineHandle
from grpc_user.engine.requests import SPIN_PATH
from records.sink import RecordSink
from records.slot_batches import frames_of
from tests.grpc_user.engine.conftest import MEMBER, plan_of, spec_of

COMMITTED_TURNS = 8
"""After so many it records and does not say so: its death then falls between the two."""


def main(host: str, folder: str, rate_rps: str) -> None:
    sink = RecordSink.start(Path(folder), MEMBER)
    handle = EngineHandle.start(spec_of(host, folder, writer_pid=sink.writer_pid))
    assert handle.wait_until_ready(20) == ()
    handle.follow(plan_of(float(rate_rps), 3600.0), time.monotonic())
    sys.stdout.write(f"{handle.pid}\n")
    sys.stdout.flush()
    for turn in range(10**6):
        time.sleep(0.05)
        for batch in handle.read_all():
            sink.append_frames(frames_of(batch.ended, batch.texts, method=SPIN_PATH, warm_up_s=0.0))
            sink.flush()
            if turn < COMMITTED_TURNS:
                handle.commit(batch.upto)


if __name__ == "__main__":
    main(*sys.argv[1:])
