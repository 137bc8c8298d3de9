"""The options of `run`: those of the locustfile, those of a Knative Service, those of the model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shapes.laws import parse_law
from shapes.quantities import parse_duration_s, parse_rate_rps, parse_seed
from simulator.system.settings import MOST_PODS
from simulator.values import (
    burst_capacity,
    cores,
    longer_than_nothing_s,
    number_above,
    share,
    times_from_percentage,
    whole_from,
)

DEFAULT_RATE = "10"
DEFAULT_SPIN = "100ms"


@dataclass(frozen=True)
class Option:
    """One option.

    Attributes:
        flag: As typed; `LOCUST_…` variables are not read: nothing here is Locust.
        help: What it is, with an example.
        parse: From text to value; raises InvalidValue.
        default: As typed; None for "not given".
        choices: Fixed values.
        repeatable: Whether it may be given several times.
        is_switch: Whether it takes no value.
        aliases: Other flags that mean the same.
    """

    flag: str
    help: str
    parse: Callable[[str], Any] = str
    default: str | None = None
    choices: tuple[str, ...] = ()
    repeatable: bool = False
    is_switch: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def dest(self) -> str:
        """Its name among parsed options."""
        return self.flag.removeprefix("--").replace("-", "_")


LOAD = (
    Option("--rps", f"offered rate, requests a second; default {DEFAULT_RATE}", parse_rate_rps),
    Option("--duration", "of the arrivals, as 10s, 12m", longer_than_nothing_s),
    Option(
        "--distribution",
        "law of arrival: uniform, poisson, uniform-gap, bursty:CV",
        parse_law,
        aliases=("--law",),
    ),
    Option(
        "--rate-profile",
        "the rate over time: constant, ramp:, step:, burst:, diurnal:, or trace:FILE",
    ),
    Option("--seed", "the same seed gives the same arrivals; default: drawn", parse_seed),
    Option("--warm-up", "left out of the results, as 4m", parse_duration_s, "0s"),
    Option(
        "--spin",
        "CPU time that each call needs, as 100ms",
        longer_than_nothing_s,
        DEFAULT_SPIN,
        aliases=("--service-time",),
    ),
    Option("--grpc-timeout", "deadline of every call", longer_than_nothing_s, "30s"),
    Option("--replay", "run folder whose arrivals, call time and deadline are taken"),
)
SERVICE = (
    Option(
        "--container-concurrency",
        "calls a pod takes at once; 0: no limit",
        whole_from(0, 1000),
        "0",
        aliases=("--cc",),
    ),
    Option(
        "--metric",
        "what pods are counted by",
        choices=("concurrency", "rps"),
        default="concurrency",
    ),
    Option("--target", "of the metric for each pod; default: Knative's", number_above(0)),
    Option("--target-utilization", "percentage of the target", share, "70"),
    Option("--window", "of the stable average", parse_duration_s, "60s"),
    Option("--panic-window-percentage", "of the window, for the short average", share, "10"),
    Option("--panic-threshold-percentage", "where panic begins", times_from_percentage, "200"),
    Option(
        "--target-burst-capacity",
        "-1: activator always in the path; 0: never",
        burst_capacity,
        "211",
    ),
    Option("--min-scale", "least pods", whole_from(0), "0"),
    Option("--max-scale", "most pods; 0: no bound", whole_from(0), "0"),
    Option("--initial-scale", "pods to reach once", whole_from(0), "1"),
    Option("--activation-scale", "least pods for any load at all", whole_from(1), "1"),
    Option(
        "--scale-down-delay", "a lower number must be enough for so long", parse_duration_s, "0s"
    ),
    Option(
        "--retention",
        "of the last pod (scale-to-zero-pod-retention-period)",
        parse_duration_s,
        "0s",
    ),
    Option("--grace", "of the last pod (scale-to-zero-grace-period)", parse_duration_s, "30s"),
    Option("--no-scale-to-zero", "keep the last pod (enable-scale-to-zero: false)", is_switch=True),
    Option(
        "--aggregation",
        "of seconds to averages",
        choices=("linear", "weighted-exponential"),
        default="linear",
    ),
    Option(
        "--max-scale-up-rate",
        "most pods a decision asks for, over the ready",
        number_above(1),
        "1000",
    ),
    Option("--max-scale-down-rate", "the same, downwards", number_above(1), "2"),
)
MODEL = (
    Option("--cores", "cores that all pods share, or unlimited", cores, "unlimited"),
    Option(
        "--cpu-limit",
        "cores that a pod gets of each 100 ms; it stands still once they are used",
        cores,
        "unlimited",
    ),
    Option("--work", "what --spin is of", choices=("cpu", "wall"), default="cpu"),
    Option(
        "--wall-quantum",
        "how long a thread keeps a core that others wait for, with --work wall",
        parse_duration_s,
        "0s",
    ),
    Option(
        "--activators",
        "activators that share the pods out, each with a queue; Knative asks for 2 or more",
        whole_from(1, 20),
        "1",
    ),
    Option("--cold-start", "from wanting a pod until it is ready", parse_duration_s, "2s"),
    Option("--cold-starts-of", "run folder whose pods' starts are drawn from, in their place"),
    Option("--network", "round trip between client and activator", parse_duration_s, "0s"),
    Option("--pods", "ready at the start; default: min-scale, at least 1", whole_from(0)),
    Option("--most-pods", "pods there is room for", whole_from(1, 5000), str(MOST_PODS)),
    Option("--no-autoscaler", "the pods of the start stay", is_switch=True),
    Option("--runs-on", "workers go on with calls that were given up", is_switch=True),
)
OUTPUT = (
    Option("--records", "folder that holds the run folders", default="results"),
    Option("--run-id", "name of the run's folder; default: made from date, law and rate"),
    Option("--check", 'a limit, as "p99<800ms"; may be repeated', repeatable=True),
)
GROUPS = {
    "load (as in the locustfile)": LOAD,
    "Knative Service": SERVICE,
    "model": MODEL,
    "output": OUTPUT,
}
