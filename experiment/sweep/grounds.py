"""Which grounds there are: one module each."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from experiment.sweep.cluster import ground as cluster
from experiment.sweep.ground import Ground
from experiment.sweep.local import ground as local
from experiment.sweep.simulated import ground as simulated
from experiment.sweep.spec import SweepSpec
from records.sweeps.planned import Arm


class GroundModule(Protocol):
    """What each of them has."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add its own options to those of the command."""

    def cores_of(self, spec: SweepSpec, arm: Arm) -> float | None:
        """The cores that an arm has; None where they are not known.

        Raises:
            ExperimentError: for what there is not on this ground.
        """

    def describe(self, spec: SweepSpec) -> str:
        """One line on what the runs are on.

        Raises:
            ExperimentError: for what there is not on this ground.
        """

    def calibrated_by(self, spec: SweepSpec, options: argparse.Namespace) -> Sequence[str] | None:
        """Arguments of `calibrate` that name what is under load; None where nothing is measured.

        Raises:
            Halted: when it does not answer.
        """

    def make_ground(self, spec: SweepSpec, folder: Path, options: argparse.Namespace) -> Ground:
        """The ground for a sweep; changes nothing.

        Args:
            spec: What is asked for.
            folder: Of the sweep; its ledger may have lines.
            options: As parsed, with those of `add_options`.

        Raises:
            ExperimentError: for what there is not on this ground.
        """


GROUNDS: dict[str, GroundModule] = {"local": local, "cluster": cluster, "simulated": simulated}
"""By the name that `--ground` takes."""
