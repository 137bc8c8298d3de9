"""What is simulated beside the autoscaler: pods, the cores under them, the clients' patience."""

from typing import NamedTuple

from simulator.autoscaler.settings import ScalerSettings

ENDLESS = float("inf")
MOST_PODS = 110
"""Pods that a node has room for, as Kubernetes limits it by default."""


class SystemSettings(NamedTuple):
    """A Service on a node, with plain numbers for compiled code.

    Attributes:
        concurrency: containerConcurrency; 0 for no limit.
        cores: Cores that all pods share; `ENDLESS` for as many as they ask for.
        is_wall: Whether calls last a time on the wall clock, whatever the cores; else they need
            that much CPU time and share the cores evenly.
        deadline_s: How long a client waits for a call; `ENDLESS` for ever.
        stops_when_cancelled: Whether a worker drops a call that its client gave up.
        most_pods: Pods that there is room for.
        first_pods: Pods that are ready at the start.
        is_scaled: Whether the autoscaler is at work; else the first pods stay.
        by_rate: Whether it counts calls a second in place of calls at once.
        is_proxied: Whether the activator is in the path at the start.
        duration_s: Length of the run; it goes on until all calls are answered or given up.
        horizon_s: When it ends at the latest.
        quota_s: CPU time that each pod gets in a period of its CPU limit (`quotas`); `ENDLESS`
            without one.
        activators: Activators that the Service is spread over. With a limit of concurrency each
            has pods of its own, and a queue of its own before them.
        quantum_s: How long a thread keeps a core that others wait for, so that calls that last a
            wall time notice late that it is over; 0 for at once.
        scaler: The autoscaler's settings.
    """

    concurrency: int
    scaler: ScalerSettings
    cores: float = ENDLESS
    is_wall: bool = False
    deadline_s: float = ENDLESS
    stops_when_cancelled: bool = True
    most_pods: int = MOST_PODS
    first_pods: int = 1
    is_scaled: bool = True
    by_rate: bool = False
    is_proxied: bool = True
    duration_s: float = 0.0
    horizon_s: float = ENDLESS
    quota_s: float = ENDLESS
    activators: int = 1
    quantum_s: float = 0.0


def leaves_to_chance(settings: SystemSettings) -> bool:
    """Whether anything is drawn for each call: its pod, its activator or how late it notices."""
    return settings.concurrency == 0 or settings.activators > 1 or settings.quantum_s > 0
