"""Brings home what a pod records, file by file, for as long as it records and a while longer."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from records.depot.client import Delivery
from records.depot.errors import NeverDelivered, NotDelivered
from records.depot.travelling import FoundFile, Stamp, find_files

LOOK_EVERY_S = 1.0
LONGEST_PAUSE_S = 8.0


class Stop(Protocol):
    """Tells that the recording has ended, as `threading.Event` does."""

    def wait(self, timeout: float) -> bool:
        """Wait at most this many seconds; whether it has ended."""
        ...


class Shipper:
    """Sends every finished file of a folder once in each of its states.

    It keeps no notes on disk: started anew it sends all again, which the depot does not mind.

    Args:
        folder: What `--records` names; its folders are the runs.
        send: Sends a file; raises NotDelivered or NeverDelivered.
        tell: Takes a line for the log.
    """

    def __init__(
        self, folder: Path, send: Callable[[FoundFile], Delivery], tell: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._send = send
        self._tell = tell
        self._settled: dict[Path, Stamp] = {}
        self._trouble = ""
        self._depot_id = ""
        self.refused: list[str] = []

    def sweep(self) -> int:
        """Send what is new, in its order, up to the first failure; how many files are left."""
        before_id, left = self._depot_id, self._sweep_once()
        # Another folder holds nothing of what was sent before.
        return self._sweep_once() if before_id not in ("", self._depot_id) else left

    def _sweep_once(self) -> int:
        waiting = [one for one in find_files(self._folder) if self._is_new(one)]
        for done, found in enumerate(waiting):
            if not self._sent(found):
                return len(waiting) - done
        return 0

    def ship_until(self, stop: Stop) -> None:
        """Sweep until the recording has ended; slower while the depot is away."""
        pause_s = LOOK_EVERY_S
        while not stop.wait(pause_s):
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S) if self.sweep() else LOOK_EVERY_S

    def ship_the_rest(
        self, patience_s: float, monotonic_s: Callable[[], float], sleep: Callable[[float], None]
    ) -> int:
        """Sweep until all is sent or patience is over; how many files are left."""
        deadline_s = monotonic_s() + patience_s
        while (left := self.sweep()) and monotonic_s() < deadline_s:
            sleep(LOOK_EVERY_S)
        return left

    def _is_new(self, found: FoundFile) -> bool:
        return self._settled.get(found.path) != found.stamp

    def _sent(self, found: FoundFile) -> bool:
        """Whether the next file may follow: it is sent, or will never be."""
        try:
            delivery = self._send(found)
        except NeverDelivered as error:
            self._settled[found.path] = found.stamp
            self.refused.append(f"{found.run}/{found.name}")
            self._tell(f"not taken: {found.run}/{found.name}: {error}")
            return True
        except (NotDelivered, OSError) as error:
            if str(error) != self._trouble:
                self._tell(f"waiting with {found.run}/{found.name}: {error}")
            self._trouble = str(error)
            return False
        if self._depot_id not in ("", delivery.depot_id):
            self._settled.clear()
        self._depot_id = delivery.depot_id
        self._settled[found.path] = delivery.stamp
        self._trouble = ""
        self._tell(f"sent {found.run}/{found.name}, {found.stamp.size_bytes} bytes")
        return True
