"""One setting that is forecast: a load and all options of the simulator that go with it."""

import math
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiment.errors import ExperimentError
from experiment.forecast.expected import Room
from records.sweeps import Cell
from shapes.errors import InvalidValue
from shapes.laws import parse_law
from simulator.asked import Asked, read_asked
from simulator.errors import SimulatorError
from simulator.system.quotas import PERIOD_S

NAME = "forecast"


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
        """For the Service's pods; calls that last a wall time share no cores."""
        system = self.asked.system
        fixed = None if system.is_scaled else system.first_pods
        cores = math.inf if system.is_wall else system.cores
        return Room(cores, system.most_pods, system.quota_s / PERIOD_S, fixed)


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
