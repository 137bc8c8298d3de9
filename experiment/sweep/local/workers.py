"""Spin workers of a run: fresh processes on free ports of this machine."""

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiment.sweep.carrying.carried import Carried
from experiment.sweep.ground import NotPrepared
from experiment.sweep.local.worker_settings import WorkerSettings
from experiment.sweep.logs import last_words

START_S = 60.0
END_S = 5.0
LOOK_S = 0.02
_ADDRESS = re.compile(rb" listening on (\S+)")


class Workers:
    """The workers of one run.

    Args:
        settings: How many, and what they are.
        cores: That they may use; none for all.
        logs: One file for each.

    Raises:
        NotPrepared: when one does not start; none is left then.
    """

    def __init__(
        self, settings: WorkerSettings, cores: Sequence[int], logs: Sequence[Path]
    ) -> None:
        command = ["worker", "--port=0", "--host=127.0.0.1", *settings.options]
        until_s = time.monotonic() + START_S
        places = [_size(log) for log in logs]
        self._processes: list[Carried] = []
        try:
            for log in logs:
                self._processes.append(Carried(command, log, cores=cores))
                self._processes[-1].go()
            those = zip(self._processes, logs, places, strict=True)
            self.addresses = [_address(*one, until_s) for one in those]
        except BaseException:
            self.end()
            raise

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What the ledger has to know so that they are found."""
        return [{"pid": one.pid, **one.facts} for one in self._processes]

    @property
    def are_alive(self) -> bool:
        """Whether all of them run."""
        return all(process.is_alive for process in self._processes)

    def end(self) -> None:
        """End them; calls under way are given up."""
        for process in self._processes:
            process.end(END_S)


def _address(process: Carried, log: Path, place: int, until_s: float) -> str:
    """What it says behind that place of its log."""
    while time.monotonic() < until_s and process.is_alive:
        if found := _ADDRESS.search(log.read_bytes(), place):
            return found[1].decode()
        time.sleep(LOOK_S)
    raise NotPrepared(f"a spin worker did not start: {last_words(log) or 'it said nothing'}")


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
