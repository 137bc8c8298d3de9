"""`--replay RUN`: send the arrivals of a recorded run again, edits and all."""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from openloop.option_table import Option
from records.manifest import read_manifest
from records.run_folder import RunFolderError
from shapes.errors import InvalidValue
from shapes.plan import Plan
from shapes.quantities import format_duration

FIXED_BY_THE_RECORD = (
    "rps",
    "duration",
    "distribution",
    "rate_profile",
    "shape",
    "seed",
    "warm_up",
)
APPLIED = "replay_applied"


def recorded_plan(options: Namespace) -> Plan | None:
    """The last version of the plan that `--replay` names; None when it is not given.

    Raises:
        InvalidValue: when there is no such run.
    """
    if not options.replay:
        return None
    try:
        return Plan.from_dict(read_manifest(Path(options.replay)).plans[-1])
    except (RunFolderError, IndexError) as error:
        raise InvalidValue(f"--replay {options.replay}: {error}; valid: a run folder") from None


def apply_record(options: Namespace, plan: Plan, rows: Mapping[str, Option]) -> None:
    """Let the options say what the record says.

    Args:
        options: Locust's parsed options; changed in place, once.
        plan: The recorded plan.
        rows: Our options by name.

    Raises:
        InvalidValue: when an option was given that the record fixes.
    """
    if getattr(options, APPLIED, None) == options.replay:
        return
    _refuse_given(options, rows)
    end_s = plan.end_s
    options.rps = f"{plan.rates.peak_rps(end_s):g}"
    options.duration = "" if end_s == math.inf else format_duration(end_s)
    options.distribution = plan.law
    options.seed = str(plan.seed)
    options.warm_up = format_duration(plan.warm_up_s)
    for name, value in plan.request.items():
        if name == "host":
            options.host = options.host or value
        else:
            setattr(options, name, value)
    setattr(options, APPLIED, options.replay)


def _refuse_given(options: Namespace, rows: Mapping[str, Option]) -> None:
    for name in FIXED_BY_THE_RECORD:
        if getattr(options, name, ""):
            raise InvalidValue(
                f"{rows[name].flag} and --replay: the recorded run fixes it; valid: leave it out"
            )
