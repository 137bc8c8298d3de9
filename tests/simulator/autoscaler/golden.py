"""Knative's own decisions, and ours for the same load."""

import gzip
import json
from pathlib import Path

from simulator.autoscaler.decide import decide
from simulator.autoscaler.panic import CALM, Panic
from simulator.autoscaler.settings import ScalerSettings
from simulator.autoscaler.state import Observed, first_state, record

FILE = Path(__file__).parents[2] / "data" / "knative-decisions.json.gz"
NO_DECISION = -1


def load_sequences():
    with gzip.open(FILE) as file:
        golden = json.load(file)
    return list(zip(golden["specs"], golden["seqs"], strict=True))


def settings_of(spec):
    return ScalerSettings(
        target_value=float(spec["target"]),
        total_value=spec["target"] / 0.7,
        target_burst_capacity=float(spec["tbc"]),
        max_scale_up_rate=float(spec["up"]),
        max_scale_down_rate=float(spec["down"]),
        scales_to_zero=False,
    )


def decisions(spec, sequence):
    """(Knative's, ours) for each decision: averages, desired pods, excess burst capacity."""
    settings = settings_of(spec)
    state = first_state(settings, 0)._replace(panic=Panic(CALM, 0))
    for row in sequence:
        state = record(state, row["t"], row["c"])
        if row["S"] == NO_DECISION and row["Desired"] == NO_DECISION:
            continue
        ready = row["Ready"]
        state, ours = decide(state, Observed(ready, ready), settings, float(row["t"]))
        yield (
            (row["S"], row["P"], row["Desired"], row["EBC"]),
            (ours.stable_value, ours.panic_value, ours.desired, ours.excess),
            ours.in_panic,
        )
