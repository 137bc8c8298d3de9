"""A run's calls as one pandas frame: for notebooks and programs of one's own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.errors import AnalysisError
from analysis.metrics.calls import with_durations
from records import reader
from records.run_folder import RunFolderError
from records.schema import COLUMNS

DURATION_COLUMNS = ("intended_s", "sent_s", "received_s", "status")


def open_run(path: Path | str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The calls of a run folder, one row an arrival, finished run or not.

    Args:
        path: The folder, as "results/RUN-ID".
        columns: Some of the record's columns (`records/schema.py`); all by default. Fewer need
            less memory: texts are categories, a row of all columns takes about 150 bytes.

    Returns:
        The columns, and `lag_s`, `latency_s` and `service_latency_s` of every call: +inf for what
        was sent and did not come back well, NaN for what was never sent.

    Raises:
        AnalysisError: when it is no run folder, is damaged, or has no such column.
    """
    wanted = list(COLUMNS if columns is None else columns)
    read = [*wanted, *(name for name in DURATION_COLUMNS if name not in wanted)]
    try:
        calls = with_durations(frame_of(reader.open_run(Path(path)), read))
    except RunFolderError as error:
        raise AnalysisError(str(error)) from None
    return calls[[*wanted, "lag_s", "latency_s", "service_latency_s"]]


def frame_of(run: reader.Run, columns: Sequence[str]) -> pd.DataFrame:
    """The rows with these columns, by intended time, texts as categories.

    Raises:
        AnalysisError: when there are no rows.
        RunFolderError: for an unknown column, or a damaged segment.
    """
    # Texts become categories batch by batch: a million rows never hold a million strings.
    batches = [_encoded(batch) for batch in run.batches(columns)]
    if not batches:
        raise AnalysisError(f"{run.folder} holds no records: nothing to report")
    table = _in_order(pa.Table.from_batches(batches).unify_dictionaries())
    del batches
    frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    return frame


def _in_order(table: pa.Table) -> pa.Table:
    """By intended time: whoever needs that order then copies nothing."""
    if "intended_s" not in table.column_names:
        return table
    return table.take(pa.array(np.argsort(table.column("intended_s").to_numpy(), kind="stable")))


def _encoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        column.dictionary_encode() if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
