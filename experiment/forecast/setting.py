"""One setting that is forecast: a load and all options of the simulator that go with it."""

from argparse import Namespace
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from experiment.errors import ExperimentError
from experiment.forecast.expected import Room
from records.sweeps import Cell
from shapes.errors import InvalidValue
from shapes.laws import parse_law
from simulator.asked import Asked, read_asked
from simulator.commands.options import MODEL, SERVICE, Option
from simulator.errors import SimulatorError
from simulator.service import PREFIX

NAME = "forecast"
_OPTIONS = {option.dest: option for option in (*SERVICE, *MODEL)}
_ANNOTATIONS = {
    "target_utilization_percentage": "target_utilization",
    "scale_to_zero_pod_retention_period": "retention",
    "metric_aggregation_algorithm": "aggregation",
}
"""Annotations that the simulator's options have another word for."""
_CONCURRENCY, _TIMEOUT, ANNOTATIONS = "containerConcurrency", "timeoutSeconds", "annotations"


class BadQuestion(ExperimentError):
    """What is asked cannot be forecast; one line: what was given, what is valid."""


@dataclass(frozen=True)
class Setting:
    """A cell under an arm.

    Attributes:
        cell: The load.
        arm: Name of the arm; "" where there is but one.
        values: Of all options of `python -m simulator run`, parsed.
        asked: What these ask for.
    """

    cell: Cell
    arm: str
    values: Namespace
    asked: Asked

    @property
    def room(self) -> Room:
        """For the Service's pods."""
        system = self.asked.system
        fixed = None if system.is_scaled else system.first_pods
        return Room(system.cores, system.most_pods, fixed)


def setting_of(values: Namespace, arm: str = "") -> Setting:
    """The setting that options ask for; of a rate that changes, its highest.

    Raises:
        BadQuestion: for options that do not go together.
    """
    try:
        asked = read_asked(values, NAME, 0)
    except (SimulatorError, InvalidValue) as error:
        raise BadQuestion(str(error)) from None
    rate_rps = asked.plan.rates.peak_rps(asked.plan.end_s)
    return Setting(Cell(rate_rps, asked.plan.law, asked.spin_s), arm, values, asked)


def of_cell(values: Namespace, cell: Cell, arm: str = "") -> Setting:
    """The setting of a sweep's cell.

    Raises:
        BadQuestion: for options that do not go together.
    """
    load = {"rps": cell.rate_rps, "distribution": parse_law(cell.law), "spin": cell.spin_s}
    return setting_of(changed(values, {**load, "rate_profile": None}), arm)


def changed(values: Namespace, settings: Mapping[str, Any]) -> Namespace:
    """The options with other values."""
    return Namespace(**{**vars(values), **settings})


def with_options(values: Namespace, given: Mapping[str, Any], where: str) -> Namespace:
    """The options with those that a sweep's file gives, as `{cores: 8}`.

    Raises:
        BadQuestion: for an option that is none, or a value that it does not take.
    """
    return changed(values, dict(_parsed(given.items(), where)))


def with_arm(values: Namespace, settings: Mapping[str, Any], where: str) -> Namespace:
    """The options with an arm's settings of the Knative Service; others are not modelled.

    Raises:
        BadQuestion: for a value that its option does not take.
    """
    annotations = settings.get(ANNOTATIONS) or {}
    given = [
        (_ANNOTATIONS.get(name, name), value)
        for key, value in annotations.items()
        for name in [str(key).removeprefix(PREFIX).replace("-", "_")]
        if _ANNOTATIONS.get(name, name) in _OPTIONS
    ]
    if _CONCURRENCY in settings:
        given.append(("container_concurrency", settings[_CONCURRENCY]))
    timeout = {"timeout_seconds": float(settings[_TIMEOUT])} if _TIMEOUT in settings else {}
    return changed(values, {**dict(_parsed(given, where)), **timeout})


def _parsed(given: Iterable[tuple[str, Any]], where: str) -> Iterable[tuple[str, Any]]:
    for key, value in given:
        dest = str(key).replace("-", "_")
        option = _OPTIONS.get(dest)
        if option is None:
            valid = ", ".join(sorted(_OPTIONS))
            raise BadQuestion(f"{where}: {key} is no option of the simulator; valid: {valid}")
        yield dest, _value(option, value, where)


def _value(option: Option, given: Any, where: str) -> Any:
    if option.is_switch:
        return bool(given)
    text = str(given)
    try:
        value = option.parse(text)
    except InvalidValue as error:
        raise BadQuestion(f"{where}: {option.dest}: {error}") from None
    if option.choices and value not in option.choices:
        raise BadQuestion(f"{where}: {option.dest} is {text!r}; valid: {', '.join(option.choices)}")
    return value
