"""When the hub has died: its engine records the rows that the hub did not."""

from __future__ import annotations

from grpc_user.engine.ring import RingWriter, SharedMemory
from grpc_user.engine.rows import Rows
from grpc_user.engine.spec import EngineSpec
from grpc_user.engine.words import Words


def record_what_is_left(
    spec: EngineSpec, path: str, shared: SharedMemory, words: Words, ring: RingWriter, rows: Rows
) -> None:
    """TODO."""
