"""The forecast as plain values; None for what is not known or not reached."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from experiment.forecast.answer import Answer, Row
from experiment.forecast.idle import is_idle
from experiment.forecast.modelled import Modelled
from experiment.forecast.question_words import SHARE
from experiment.forecast.spread import FEWEST_REPETITIONS, half_width_share, repetitions_for
from experiment.forecast.sweep_size import load_of
from experiment.sweep.spec import SweepSpec
from records.sweeps import PlannedRun


def arithmetic_values(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each setting and what arithmetic says of it."""
    return [
        {
            "arm": one.arm,
            "cell": asdict(one.cell),
            "service": asdict(one.asked.service),
            "cores": one.room.cores,
            "most_pods": one.room.most_pods,
            "exercises_autoscaler": one.room.fixed is None and not is_idle(one, found),
            **asdict(found),
            "rho": found.rho,
        }
        for one, found in rows
    ]


def sweep_values_of(spec: SweepSpec, planned: Sequence[PlannedRun]) -> dict[str, Any]:
    """The sweep as its file would have it, and its size, overloads run as it says."""
    return {**spec.as_mapping(), "runs": len(planned), "hours": load_of(planned) / 3600}


def modelled_values(answer: Answer, measured_s: float) -> dict[str, Any]:
    """How it was modelled, and each setting's figures with their precision."""
    plan = answer.plan
    longer = measured_s / (plan.duration_s - plan.warm_up_s)
    return {
        "duration_s": plan.duration_s,
        "warm_up_s": plan.warm_up_s,
        "seeds": plan.seeds,
        "compiled": not answer.is_plain,
        "left_out": list(answer.left_out),
        "settings": [_setting(one, longer) for one in answer.found],
    }


def _setting(one: Modelled, longer: float) -> dict[str, Any]:
    p99_s, mean = one.figures["p99_s"], one.figures["slowdown"]
    return {
        "arm": one.setting.arm,
        "cell": asdict(one.setting.cell),
        "runs": one.runs,
        "figures": {name: asdict(figure) for name, figure in one.figures.items()},
        "precision": {
            "repetitions": FEWEST_REPETITIONS,
            "mean_half_width_share": half_width_share(mean, FEWEST_REPETITIONS, longer),
            "p99_half_width_share": half_width_share(p99_s, FEWEST_REPETITIONS, longer),
            "repetitions_for_5_percent_of_p99": repetitions_for(p99_s, SHARE, longer),
        },
    }


def as_text(values: Mapping[str, Any]) -> str:
    """JSON that every reader takes."""
    return json.dumps(_finite(values), indent=2)


def _finite(value: Any) -> Any:
    """Without numbers that JSON has no word for."""
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
