"""A Service under observation: one thread for each kind of object, one file for what they see."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from experiment.errors import ExperimentError
from experiment.knative.names import SERVICE_LABEL
from experiment.kube import Cluster
from experiment.observer.clock import SystemTime, Time
from experiment.observer.gap import Tell
from experiment.observer.readers import WATCHED
from experiment.observer.resource_watch import ResourceWatch
from records.replica_log import ReplicaLog
from records.replica_rows import END, Row
from records.replicas import write_replica_table
from records.run_folder import RunFolderError

ENDING_S = 5.0


class Source(Protocol):
    """Something else that sees rows, in a thread of its own."""

    def run(self, tell: Tell, clock: Time) -> None:
        """Tell rows until the time is over."""


class NotObserved(ExperimentError):
    """What is seen cannot be written."""


class Observer:
    """Watches a Service and writes what it sees into a run folder.

    Args:
        cluster: Where to ask; closed at the end.
        service: Namespace and name.
        folder: The run folder.
        sources: What else to ask.

    Attributes:
        fault: Why rows could not be written, once that was so.
        last_gap: The last row of kind gap.

    Raises:
        NotObserved: when the folder cannot be written, or was observed to the end before.
    """

    def __init__(
        self,
        cluster: Cluster,
        service: tuple[str, str],
        folder: Path,
        sources: Sequence[Source] = (),
    ) -> None:
        try:
            self._log = ReplicaLog(folder)
        except OSError as error:
            raise NotObserved(f"cannot observe into {folder}: {error}") from None
        self.folder = folder
        self.fault: OSError | None = None
        self.last_gap: Row | None = None
        self._cluster = cluster
        self._clock = SystemTime()
        tasks = [*self._watches(*service), *(self._asking(one) for one in sources)]
        self._threads = [threading.Thread(target=task, daemon=True) for task in tasks]

    def start(self) -> None:
        """Begin to watch."""
        for thread in self._threads:
            thread.start()

    @property
    def rows(self) -> int:
        """Rows written so far."""
        return self._log.rows

    def stop(self) -> Path | None:
        """End all watches and write the Parquet file; its path, None when nothing was written.

        Raises:
            NotObserved: when it cannot be written; the live file stays.
        """
        self._clock.over.set()
        self._cluster.close()
        end_s = time.monotonic() + ENDING_S
        for thread in self._threads:
            thread.join(max(0.0, end_s - time.monotonic()))
        if self._log.rows:
            self._tell({"at_unix_s": self._clock.unix_s(), "kind": END})
        self._log.close()
        try:
            return write_replica_table(self.folder)
        except (OSError, RunFolderError) as error:
            raise NotObserved(f"cannot write into {self.folder}: {error}") from None

    def _watches(self, namespace: str, name: str) -> list[Callable[[], None]]:
        selector = f"{SERVICE_LABEL}={name}"
        return [
            ResourceWatch(
                self._cluster, watched, namespace, selector, tell=self._tell, clock=self._clock
            ).run
            for watched in WATCHED
        ]

    def _asking(self, source: Source) -> Callable[[], None]:
        return lambda: source.run(self._tell, self._clock)

    def _tell(self, row: Row) -> None:
        if row["kind"] == "gap":
            self.last_gap = row
        try:
            self._log.append(row)
        except OSError as error:
            self.fault = error
