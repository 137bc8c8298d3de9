"""A run of many rows, written without sending anything, and what its report needs of memory.

    python -m bench.big_run [--rows 10000000] [--folder DIR]

The rows are those of a run at 10 000 rps on 40 pods with a per-mille of failures: every text column
is as full as a real run's. The report is made by a process of its own, whose peak is that of the
kernel (`ru_maxrss`).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from records.arrow_schema import ARROW_SCHEMA
from records.manifest import Manifest, write_manifest
from records.run_folder import new_run_folder, segment_name
from records.segments import ENDING_KEY, Ending
from shapes.plan import MemberChange, Plan
from shapes.rate_log import RateLog, RateSegment
from shapes.schedule import Arrivals, Schedule

RATE_RPS = 10_000.0
SPIN_S = 0.002
PODS = 40
SEGMENT_ROWS = 250_000
FAILED_SHARE = 0.001
MEMBERS = 4
GIB = 2**30


def main() -> None:
    """Make a run, have it judged and reported, print what that took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="kept; default: a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_run(options.folder or Path(temporary), "big", options.rows)
        measured("judge", [sys.executable, "-m", "verdict", str(folder), "--save"])
        measured("report", [sys.executable, "-m", "analysis", "report", str(folder)])


def measured(name: str, command: list[str]) -> float:
    """Run a command; its peak of resident memory in GiB."""
    begin_s = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    peak_gib = usage.ru_maxrss * 1024 / GIB
    print(
        f"{name}: exit {os.waitstatus_to_exitcode(status)}, peak {peak_gib:.2f} GiB,"
        f" {usage.ru_utime + usage.ru_stime:.0f} s of CPU, {time.monotonic() - begin_s:.0f} s",
        flush=True,
    )
    return peak_gib


def write_run(root: Path, run_id: str, rows: int) -> Path:
    """A finished run folder of so many rows, without its summary."""
    plan = Plan(
        run_id=run_id,
        version=1,
        seed=1,
        law="poisson",
        epoch_s=0.0,
        rates=RateLog((RateSegment(0.0, RATE_RPS),)),
        members=(MemberChange(0.0, tuple(f"member-{i}" for i in range(MEMBERS))),),
        duration_s=rows / RATE_RPS,
        warm_up_s=rows / RATE_RPS / 10,
        request={"spin": f"{SPIN_S * 1000:g}ms", "grpc_timeout": "30s", "host": "nowhere:1"},
    )
    folder = new_run_folder(root, run_id)
    _write_segments(folder, plan)
    write_manifest(
        folder,
        Manifest(
            run_id=run_id,
            started_unix_s=1_800_000_000.0,
            seed=plan.seed,
            plans=[plan.to_dict()],
            members=plan.members[0].ids,
            finished=True,
        ),
    )
    return folder


def _write_segments(folder: Path, plan: Plan) -> None:
    schedule, random = Schedule(plan), np.random.default_rng(1)
    written = dict.fromkeys(plan.members[0].ids, 0)
    numbers = dict.fromkeys(plan.members[0].ids, 0)
    first_k = 0
    while len((block := schedule.arrivals(first_k, SEGMENT_ROWS * MEMBERS)).k):
        for member in written:
            owned = schedule.owned(block, member)
            mine = Arrivals(block.k[owned], block.intended_s[owned])
            _write(folder, member, numbers[member], _table(mine, plan, member, random))
            written[member] += len(mine.k)
            numbers[member] += 1
        first_k += len(block.k)
    for member, count in written.items():
        _write(folder, member, numbers[member], ARROW_SCHEMA.empty_table(), count)


def _write(folder: Path, member: str, n: int, table: pa.Table, rows: int | None = None) -> None:
    if rows is not None:
        ending = json.dumps(asdict(Ending(True, rows, rows))).encode()
        table = table.replace_schema_metadata({**ARROW_SCHEMA.metadata, ENDING_KEY: ending})
    path = folder / segment_name(member, n)
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)


def _table(mine: Arrivals, plan: Plan, member: str, random: np.random.Generator) -> pa.Table:
    count = len(mine.k)
    failed = random.random(count) < FAILED_SHARE
    sent_s = mine.intended_s + random.exponential(50e-6, count)
    wall_s = random.gamma(4.0, SPIN_S / 3, count) + SPIN_S
    pod = random.integers(0, PODS, count)
    answered = ~failed
    known = {
        "k": mine.k,
        "phase": np.where(mine.intended_s < plan.warm_up_s, "warm-up", "measured"),
        "method": np.full(count, "/spin.v1.Spinner/Spin"),
        "member": np.full(count, member),
        "intended_s": mine.intended_s,
        "sent_s": sent_s,
        "received_s": sent_s + wall_s + 0.001,
        "status": np.where(failed, "failed", "ok"),
        "code": np.where(failed, "UNAVAILABLE", "OK"),
        "failure_class": _where(failed, np.full(count, "platform")),
        "detail": _where(failed, np.full(count, "upstream connect error")),
        "instance_id": _where(answered, np.char.add("instance-", pod.astype(str))),
        "instance_seq": _where(answered, mine.k // PODS + 1),
        "pod": _where(answered, np.char.add("spin-00001-deployment-abc-", pod.astype(str))),
        "spin_s": np.full(count, SPIN_S),
        "worker_queue_s": _where(answered, random.exponential(1e-4, count)),
        "worker_wall_s": _where(answered, wall_s),
        "worker_cpu_s": _where(answered, np.full(count, SPIN_S)),
        "throttled_s": _where(answered, np.zeros(count)),
        "channel": np.zeros(count, np.int32),
        "request_bytes": np.full(count, 40),
        "reply_bytes": _where(answered, np.full(count, 120)),
    }
    columns = {
        field.name: known[field.name].cast(field.type)
        if isinstance(known.get(field.name), pa.Array)
        else pa.array(known[field.name], field.type)
        if field.name in known
        else pa.nulls(count, field.type)
        for field in ARROW_SCHEMA
    }
    return pa.table(columns, schema=ARROW_SCHEMA)


def _where(kept: np.ndarray, values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~kept)


if __name__ == "__main__":
    main()
