"""When the hub has died: its engine records the rows that the hub did not.

What the hub took and did not say it had recorded is in the ring still. Part of it may be on the
disk all the same, written by the process that writes the hub's records and outlives it: that one's
end is waited for, and what it wrote is left out.
"""

from __future__ import annotations

import os
import select
import sys
from dataclasses import dataclass
from pathlib import Path

from grpc_user.engine.spec import EngineSpec
from records.barred_import import bar_import
from records.slots import ENDED, Slots

WRITER_ENDS_WITHIN_S = 30.0


@dataclass(frozen=True)
class Estate:
    """What a hub has left behind.

    Attributes:
        spec: Whose rows they are, and where they belong.
        method: What was called.
        slots: What became of arrivals, as far as the hub did not say it had recorded it.
        texts: By the numbers that slots have.
        writer_pidfd: The process that writes the hub's records; None where there is none.
    """

    spec: EngineSpec
    method: str
    slots: Slots
    texts: list[str]
    writer_pidfd: int | None


def record_estate(estate: Estate) -> None:
    """Complete the member's record, and say so."""
    if estate.writer_pidfd is not None:
        select.select([estate.writer_pidfd], [], [], WRITER_ENDS_WITHIN_S)
    bar_import("pandas")  # as in the writer: pyarrow would load it
    from records.inherited import record_rest  # noqa: PLC0415 - pyarrow: needed here alone

    spec, slots = estate.spec, estate.slots
    rows = record_rest(
        Path(spec.folder),
        spec.member,
        slots[slots["kind"] == ENDED],
        estate.texts,
        method=estate.method,
        warm_up_s=spec.warm_up_s,
        rows_lost=spec.rows_lost,
    )
    sys.stderr.write(
        f"{spec.member}: the generator has died; its engine process ended what was under way and "
        f"recorded the {rows} rows that were missing\n"
    )


def pidfd_of(pid: int) -> int | None:
    """A descriptor that becomes readable when the process ends; None where there is none such."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None
