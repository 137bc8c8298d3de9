"""The options of `forecast`: those of the simulator, by its own table, and a few more."""

import argparse
import math
from argparse import Namespace
from dataclasses import replace
from itertools import chain
from pathlib import Path

from experiment.forecast.setting import BadQuestion
from experiment.forecast.timeouts import TIMEOUT_SECONDS
from shapes.errors import InvalidValue
from shapes.laws import POISSON, parse_law
from simulator.command_line import add_options, values_of
from simulator.commands.options import LOAD, MODEL, SERVICE, Option
from simulator.values import number_above

_OWN_HELP = {
    "rps": "offered rate, requests a second",
    "distribution": f"law of arrival: uniform, poisson, uniform-gap, bursty:CV; default {POISSON}",
    "duration": "of a run's arrivals, as 10s, 12m; default 6m, or hours where calls are rare",
    "warm_up": "left out of the results, as 4m; default 2m, at most a third of the duration",
    "seed": "of the first simulated run; default 1",
    "grpc_timeout": "deadline of every call; default 30s",
}
_LEFT_OUT, _TRACE = {"replay"}, "trace:"
_DURATION_S, _WARM_UP_S, _SHARE = 360.0, 120.0, 1 / 3
_HOUR_S, _MOST_HOURS, _CALLS = 3600.0, 24, 300
_LOAD_OF_A_SWEEP = (
    "rps",
    "distribution",
    "rate_profile",
    "spin",
    "duration",
    "warm_up",
    "grpc_timeout",
)
TIMEOUT = Option(
    "--timeout-seconds",
    "timeoutSeconds of the Service: what outlasts it cannot succeed",
    number_above(0),
    TIMEOUT_SECONDS,
)


def _ours(option: Option) -> Option:
    """Not given is None, so that it shows what was; the defaults are those of a forecast."""
    return replace(option, default=None, help=_OWN_HELP.get(option.dest, option.help))


QUESTION = tuple(_ours(option) for option in LOAD if option.dest not in _LEFT_OUT)
GROUPS = {
    "load (as in the locustfile)": QUESTION,
    "Knative Service": (*SERVICE, TIMEOUT),
    "model": MODEL,
}


def add_forecast_options(parser: argparse.ArgumentParser) -> None:
    """Add all of them."""
    parser.add_argument(
        "what",
        nargs="?",
        metavar="SWEEP",
        help="the preset seed or quick, or the YAML file of a sweep; without it, one question",
    )
    for title, options in GROUPS.items():
        add_options(parser, title, options)
    group = parser.add_argument_group("answer")
    group.add_argument("--no-model", action="store_true", help="arithmetic only")
    group.add_argument("--json", action="store_true", help="all of it as JSON")
    group.add_argument(
        "--of",
        type=Path,
        metavar="RUN",
        help="in place of all else: model a measured run, for its report to draw beside it",
    )


def question_values(options: Namespace) -> Namespace:
    """Values of all options of `python -m simulator run`, for one question.

    Raises:
        BadQuestion: where the load is not said.
    """
    values = _values(options)
    if values.rps is None and values.rate_profile is None:
        raise BadQuestion("--rps is missing; valid: --rps 120 --service-time 180ms, or a sweep")
    if values.spin is None:
        raise BadQuestion("--service-time is missing; valid: a time such as 180ms")
    if (values.rate_profile or "").startswith(_TRACE):
        raise BadQuestion(
            f"--rate-profile {values.rate_profile}: a trace has no steady load to forecast; valid:"
            " python -m simulator run with the same options"
        )
    values.distribution = values.distribution or parse_law(POISSON)
    values.grpc_timeout = values.grpc_timeout or 30.0
    values.duration = values.duration or _duration_s(values.rps)
    if values.warm_up is None:
        values.warm_up = min(_WARM_UP_S, values.duration * _SHARE)
    return values


def _duration_s(rate_rps: float | None) -> float:
    """Of rare calls so many hours that there are some hundreds of them, a day at most."""
    if rate_rps is None or rate_rps * _DURATION_S >= _CALLS:
        return _DURATION_S
    return _HOUR_S * min(math.ceil(_CALLS / rate_rps / _HOUR_S), _MOST_HOURS)


def sweep_values(options: Namespace) -> Namespace:
    """The same for a sweep, which has a load of its own.

    Raises:
        BadQuestion: where another load is given.
    """
    values = _values(options)
    given = [name for name in _LOAD_OF_A_SWEEP if getattr(values, name) is not None]
    if given:
        flags = ", ".join("--" + name.replace("_", "-") for name in given)
        raise BadQuestion(
            f"{flags} and the sweep {options.what} disagree: it has a load of its own; valid: one"
            " of both"
        )
    return values


def has_load(options: Namespace) -> bool:
    """Whether any of a load's options is given."""
    return any(getattr(options, option.dest) is not None for option in QUESTION)


def _values(options: Namespace) -> Namespace:
    try:
        values = values_of(options, chain.from_iterable(GROUPS.values()))
    except InvalidValue as error:
        raise BadQuestion(str(error)) from None
    values.replay = None
    return values
