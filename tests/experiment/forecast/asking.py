"""Questions as the command line asks them."""

import argparse

from experiment.commands.forecast_options import (
    add_forecast_options,
    question_values,
    sweep_values,
)
from experiment.forecast.expected import expected
from experiment.forecast.setting import setting_of
from experiment.forecast.sweep_settings import settings_of_sweep
from experiment.sweep.spec import spec_from

SMALL = {
    "name": "small",
    "rates_rps": [2, 4],
    "laws": ["uniform", "poisson"],
    "spins": ["100ms"],
    "duration": "20s",
    "warm_up": "5s",
}


def options(*arguments):
    parser = argparse.ArgumentParser()
    add_forecast_options(parser)
    return parser.parse_args(arguments)


def setting(*arguments):
    return setting_of(question_values(options(*arguments)))


def row(*arguments):
    one = setting(*arguments)
    return one, expected(one.cell, one.asked.service, one.room)


def sweep_rows(value, *arguments):
    """The rows of a sweep, of a mapping as its file has it."""
    settings = settings_of_sweep(spec_from(value, "sweep"), sweep_values(options("x", *arguments)))
    return [(one, expected(one.cell, one.asked.service, one.room)) for one in settings]
