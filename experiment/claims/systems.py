"""The systems on which the original's claims are tried, each on the same arrivals."""

from dataclasses import dataclass

from simulator.service import Service
from simulator.system.settings import ENDLESS, SystemSettings

CORES = (2, 16, 64)
COLD_START_S = 2.0
QUANTUM_S = 0.01
"""How long Go's scheduler lets a spinning goroutine keep its core."""
FIXED, SCALED, WALL = "fixed pods", "autoscaler", "wall-clock spin"


@dataclass(frozen=True)
class System:
    """Pods on a node.

    Attributes:
        name: Of the arm.
        kind: FIXED (a pod a core, one call each), SCALED, or WALL: the original's own workers,
            two that stay, each call spinning until its time is over, whatever it got of the cores.
        cores: Of the node.
        concurrency: containerConcurrency.
    """

    name: str
    kind: str
    cores: int
    concurrency: int

    @property
    def words(self) -> str:
        """For a reader."""
        if self.kind == WALL:
            return f"two workers that spin on the wall clock, {self.cores} cores"
        if self.kind == FIXED:
            return f"fixed: {self.cores} pods, one call each, {self.cores} cores"
        return f"autoscaler, containerConcurrency {self.concurrency}, {self.cores} cores"

    def settings(self, duration_s: float, deadline_s: float) -> SystemSettings:
        """For the simulator."""
        service = Service(container_concurrency=self.concurrency)
        is_wall = self.kind == WALL
        return SystemSettings(
            concurrency=self.concurrency,
            scaler=service.scaler_settings(),
            cores=float(self.cores),
            is_wall=is_wall,
            quantum_s=QUANTUM_S if is_wall else 0.0,
            deadline_s=deadline_s,
            first_pods=_first_pods(self),
            is_scaled=self.kind == SCALED,
            is_proxied=not is_wall,
            duration_s=duration_s,
            horizon_s=ENDLESS,
        )


def _first_pods(system: System) -> int:
    return {FIXED: system.cores, SCALED: 1, WALL: 2}[system.kind]


SYSTEMS = (
    *(System(f"fixed-{cores}", FIXED, cores, 1) for cores in CORES),
    *(System(f"cc1-{cores}", SCALED, cores, 1) for cores in CORES),
    *(System(f"cc0-{cores}", SCALED, cores, 0) for cores in CORES),
    System("wall-2", WALL, 2, 0),
)
