"""What a run must find: the arm's revision with all traffic, and the stated initial state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiment.sweep.cluster.initial_state import (
    InitialState,
    Seen,
    in_words,
    is_reached,
    memory_s,
)
from experiment.sweep.cluster.service_api import ServiceApi
from experiment.sweep.cluster.target_state import look, settled_revision, why_unsettled
from experiment.sweep.cluster.waits import Waits
from experiment.sweep.ground import Note


@dataclass
class BetweenRuns:
    """The Service between two runs.

    Attributes:
        api: The Service.
        waits: How long may be waited.
        stable_window: Of Knative's configuration, as "60s".
        quiet_since_s: When the last call that we know of ended, in `waits.now_s`.
        unused_revision: A revision that is new and has had no call of ours.
    """

    api: ServiceApi
    waits: Waits
    stable_window: str
    quiet_since_s: float
    unused_revision: str | None = None

    def settle(self, note: Note) -> str:
        """Wait until the latest revision is ready and all traffic is its; its name.

        Raises:
            NotPrepared: when it does not come to that.
            Halted: when the Service cannot be read.
        """
        found: list[str] = []

        def holds() -> bool:
            revision = settled_revision(self.api.read())
            found.extend([revision] if revision else [])
            return revision is not None

        what = "the revision to be ready"
        self.waits.until(what, holds, note, lambda: why_unsettled(self.api.read()))
        return found[-1]

    def wait_for(
        self, state: InitialState, revision: str, annotations: Mapping[str, Any], note: Note
    ) -> None:
        """Wait until the state is there.

        Args:
            state: Which.
            revision: That calls will go to.
            annotations: Of its template.
            note: Into the ledger.

        Raises:
            NotPrepared: when it does not come to that.
            Halted: when the cluster cannot be asked.
        """
        remembered_s = memory_s(annotations, self.stable_window)

        def holds() -> bool:
            return is_reached(state, self._seen(revision), remembered_s)

        self.waits.until(str(state), holds, note, lambda: in_words(self._seen(revision)))

    def called(self) -> None:
        """Calls of ours have ended just now."""
        self.quiet_since_s = self.waits.now_s()
        self.unused_revision = None

    def _seen(self, revision: str) -> Seen:
        quiet_s = self.waits.now_s() - self.quiet_since_s
        return look(self.api, revision, quiet_s, revision == self.unused_revision)
