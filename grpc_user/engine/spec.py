"""What an engine process is told before anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class EngineSpec:
    """One member's sending in one run, as far as it is known before the plan's epoch.

    Attributes:
        request: The plan's request, for `GrpcConfig.from_request`.
        host: Where calls go, as `--host` has it; never empty.
        member: The member whose arrivals to send.
        folder: The run folder, for rows that the hub did not live to record.
        run_id: The run.
        seed: The run's seed.
        max_in_flight: Most arrivals under way at once.
        first_k: Where the dispatching begins: 0, or where an engine that died left off.
        warm_up_s: Arrivals intended before this are of the warm-up phase.
        writer_pid: The process that writes the hub's records.
        rows_lost: Rows that died with engines before this one.
    """

    request: Mapping[str, Any]
    host: str
    member: str
    folder: str
    run_id: str
    seed: int
    max_in_flight: int
    first_k: int
    warm_up_s: float
    writer_pid: int
    rows_lost: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> EngineSpec:
        """What `to_dict` made."""
        return cls(**given)
