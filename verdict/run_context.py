"""What the engine tells the verdict beside a run's plan and its records."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RunContext:
    """What the engine knows of a run beside its plan and its records.

    Attributes:
        run_id: The run's id.
        what: Plain facts for the first screen: `target`, `rate`, `law`, `duration`, `warm_up`,
            `spin`; those that are missing are left out of the sentence.
        generator_cpu: CPU of the busiest generator process as a share of one core, 0..1;
            None when not measured.
        members_lost: Members lost during the run.
        clock_error_s: The largest error of a member's clock; 0 for one local member.
        late_plans: Plans that reached a member after they took effect.
        engine_deaths: Engine processes (`--engine process`) that ended before they were told to.
        engine_hangs: Of those, the ones that hung and were killed.
        record_error: Why records could not be written; None when they were.
        stopped_by: Name of the signal that ended the run early, as "SIGTERM".
        queued_client_side: Calls that waited in the client for a free stream.
        members: How many members sent.
        ideal_s: Latency of an isolated call; None when neither calibrated nor requested.
        ideal_source: Where the ideal comes from, as "the requested spin".
        pods: Sentence about replicas from whoever watched them; None when nobody did.
    """

    run_id: str
    what: dict[str, Any] = field(default_factory=dict)
    generator_cpu: float | None = None
    members_lost: int = 0
    clock_error_s: float = 0.0
    late_plans: int = 0
    engine_deaths: int = 0
    engine_hangs: int = 0
    record_error: str | None = None
    stopped_by: str | None = None
    queued_client_side: int = 0
    members: int = 1
    ideal_s: float | None = None
    ideal_source: str = "not known"
    pods: str | None = None
