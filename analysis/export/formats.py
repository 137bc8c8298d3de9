"""A run in the formats of others, written as it is read: memory of one batch."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.errors import NothingMeasuredError
from analysis.export.hgrm import hgrm_lines
from analysis.export.invitro import READ, invitro_rows
from analysis.metrics.calls import measured, with_durations
from analysis.metrics.latency import HEADLINE_QUANTILES, percentiles
from analysis.report.csv_cells import safe_csv
from analysis.summaries import summary_of
from records.reader import Run
from records.schema import COLUMNS
from shapes.plan import Plan

# Those that may be missing stay whole.
_WHOLE_NUMBERS = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype()}
_LATENCY_COLUMNS = ("phase", "intended_s", "sent_s", "received_s", "status")

Write = Callable[[Run, TextIO], None]


def write_hgrm(run: Run, out: TextIO) -> None:
    """Percentiles of the latency in the measured phase, as HdrHistogram has them."""
    out.writelines(f"{line}\n" for line in hgrm_lines(_latencies_s(run)))


def write_csv(run: Run, out: TextIO) -> None:
    """Every arrival with every column and its durations; seconds."""
    frames = (with_durations(frame) for frame in _frames(run, COLUMNS))
    _write_frames(frames, out)


def write_invitro(run: Run, out: TextIO) -> None:
    """What was sent, by invitro's column names; microseconds."""
    started_unix_s = run.manifest.started_unix_s
    _write_frames((invitro_rows(frame, started_unix_s) for frame in _frames(run, READ)), out)


def write_json(run: Run, out: TextIO) -> None:
    """The run's numbers: its summary, and percentiles of the latency; null where not reached."""
    found = percentiles(_latencies_s(run))
    content = {
        "run_id": run.manifest.run_id,
        "simulated": run.manifest.simulated is not None,
        "calls": int(found["n"].iloc[0]),
        "latency_percentiles_s": {
            f"p{100 * quantile:g}": value if math.isfinite(value) else None
            for quantile, value in zip(HEADLINE_QUANTILES, found["latency_s"], strict=True)
        },
        "summary": summary_of(run, _plan(run)),
    }
    json.dump(content, out, indent=2)
    out.write("\n")


FORMATS: Mapping[str, Write] = {
    "hgrm": write_hgrm,
    "csv": write_csv,
    "json": write_json,
    "invitro": write_invitro,
}


def _plan(run: Run) -> Plan:
    return Plan.from_dict(dict(run.manifest.plans[-1]))


def _frames(run: Run, columns: tuple[str, ...]) -> Iterator[pd.DataFrame]:
    for batch in run.batches(columns):
        yield batch.to_pandas(types_mapper=_WHOLE_NUMBERS.get)


def _latencies_s(run: Run) -> np.ndarray:
    """Of the measured phase, of all that was sent; +inf where no good answer came.

    Raises:
        NothingMeasuredError: when nothing was sent in it.
    """
    frames = (measured(frame) for frame in _frames(run, _LATENCY_COLUMNS))
    parts = [with_durations(frame)["latency_s"].dropna().to_numpy(dtype=float) for frame in frames]
    latencies_s = np.concatenate(parts) if parts else np.empty(0)
    if not len(latencies_s):
        raise NothingMeasuredError(f"{run.folder} sent nothing in its measured phase")
    return latencies_s


def _write_frames(frames: Iterator[pd.DataFrame], out: TextIO) -> None:
    for number, frame in enumerate(frames):
        text = safe_csv(frame)
        out.write(text if number == 0 else text.partition("\n")[2])
