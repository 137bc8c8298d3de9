"""`python -m experiment forecast`: what a load will ask for, before there is any."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from experiment.commands.forecast_options import (
    add_forecast_options,
    has_load,
    question_values,
    sweep_values,
)
from experiment.errors import ExperimentError
from experiment.forecast.answer import Row, ask_model
from experiment.forecast.as_json import (
    arithmetic_values,
    as_text,
    modelled_values,
    sweep_values_of,
)
from experiment.forecast.errors import NotModelled
from experiment.forecast.expected import expected
from experiment.forecast.model_of_run import model_of_run
from experiment.forecast.question_words import arithmetic_lines, figure_lines, p99_sentence
from experiment.forecast.setting import setting_of
from experiment.forecast.sweep_settings import planned_runs, settings_of_sweep
from experiment.forecast.sweep_size import size_lines
from experiment.forecast.sweep_table import modelled_lines
from experiment.forecast.sweep_words import arm_lines
from experiment.forecast.timeouts import refuse_hopeless
from experiment.sweep.spec import SweepSpec, read_spec
from records.run_folder import RunFolderError
from verdict.exit_codes import OK

DESCRIPTION = """\
How many pods, and what p99: by arithmetic at once, by the simulator some seconds later.

  python -m experiment forecast --rps 120 --service-time 180ms --cc 1
  python -m experiment forecast seed --cores 16
  python -m experiment forecast SWEEP.yaml --json

exit codes: 0, whatever is forecast; 2 bad input, or calls that no limit of time lets finish
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "forecast",
        help="how many pods and what p99, before any load",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(handler=forecast)
    add_forecast_options(parser)


def forecast(options: argparse.Namespace) -> int:
    """Answer; 0.

    Raises:
        ExperimentError: for bad input.
    """
    if options.of is not None:
        return _of_run(options)
    if options.what is None:
        return _question(options)
    return _sweep(options, read_spec(options.what))


def _of_run(options: argparse.Namespace) -> int:
    if options.what is not None or has_load(options):
        raise ExperimentError(
            f"--of {options.of} and another load disagree: the run has its own; valid: one of both"
        )
    try:
        folder = model_of_run(options.of)
    except (NotModelled, RunFolderError, OSError) as error:
        raise ExperimentError(f"--of {options.of}: {error}") from None
    _say(
        [f"{folder} is the model of {options.of}; python -m analysis report {options.of} draws it"]
    )
    return OK


def _question(options: argparse.Namespace) -> int:
    setting = setting_of(question_values(options))
    refuse_hopeless([setting])
    row = (setting, expected(setting.cell, setting.asked.service, setting.room))
    plan = setting.asked.plan
    length_s = (plan.end_s, plan.warm_up_s)
    if options.json:
        return _say_json({}, [row], length_s, has_model=not options.no_model)
    _say(arithmetic_lines(*row))
    if not options.no_model:
        answer = ask_model([row], *length_s)
        for one in answer.found:
            _say([p99_sentence(one, answer.plan)])
            _say(figure_lines(one, answer, length_s[0] - length_s[1]))
        _say(answer.left_out)
    return OK


def _sweep(options: argparse.Namespace, spec: SweepSpec) -> int:
    settings = settings_of_sweep(spec, sweep_values(options))
    refuse_hopeless(settings)
    rows = [(one, expected(one.cell, one.asked.service, one.room)) for one in settings]
    planned, length_s = planned_runs(spec, settings), (spec.duration_s, spec.warm_up_s)
    if options.json:
        sweep = {"sweep": sweep_values_of(spec, planned)}
        return _say_json(sweep, rows, length_s, has_model=not options.no_model)
    _say(size_lines(spec, planned))
    for arm, own in groupby(rows, key=lambda row: row[0].arm):
        _say(arm_lines(arm, list(own)))
    if not options.no_model:
        answer = ask_model(rows, *length_s)
        _say(answer.left_out)
        _say(modelled_lines(answer, rows, length_s[0] - length_s[1]))
    return OK


def _say_json(
    sweep: dict[str, Any], rows: Sequence[Row], length_s: tuple[float, float], *, has_model: bool
) -> int:
    values = {**sweep, "arithmetic": arithmetic_values(rows)}
    if has_model:
        answer = ask_model(rows, *length_s)
        values["modelled"] = modelled_values(answer, length_s[0] - length_s[1])
    _say([as_text(values)])
    return OK


def _say(lines: Iterable[str]) -> None:
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
