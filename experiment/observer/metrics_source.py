"""The autoscaler's own view, read from its metrics: what it averages, wants, and when it panics."""

from experiment.observer.clock import Time
from experiment.observer.gap import Gaps, Tell
from experiment.observer.metric_names import PANIC, Reading, read_page
from experiment.observer.metrics_page import NoMetrics, Page
from records.replica_rows import Row

EVERY_S = 1.0
"""The autoscaler decides anew every 2 s."""


class MetricsSource:
    """Reads a page each second and tells what has changed.

    Args:
        page: Of the metrics.
        service: Namespace and name of the Service.
    """

    def __init__(self, page: Page, service: tuple[str, str]) -> None:
        self._page = page
        self._service = service
        self._told: dict[tuple[str, str], float] = {}

    def run(self, tell: Tell, clock: Time) -> None:
        """Tell rows until the time is over; a page that cannot be read is a gap."""
        gaps = Gaps("metrics", tell, clock)
        while not clock.is_over():
            asked_unix_s = clock.unix_s()
            try:
                readings = list(read_page(self._page.read(), *self._service))
            except (NoMetrics, ValueError) as error:
                if clock.is_over():
                    break
                gaps.lose(str(error), asked_unix_s)
                gaps.pause()
                continue
            gaps.end()
            for row in self._rows(readings, clock.unix_s()):
                tell(row)
            clock.wait(EVERY_S)
        gaps.end()

    def _rows(self, readings: list[Reading], now: float) -> list[Row]:
        changed = [each for each in readings if self._told.get(each[:2]) != each.value]
        self._told.update({each[:2]: each.value for each in changed})
        return [self._row(each, now) for each in changed]

    def _row(self, reading: Reading, now: float) -> Row:
        row: Row = {"at_unix_s": now, "kind": "metric", "revision": reading.revision}
        if reading.name == PANIC:
            on = reading.value > 0
            return {**row, "kind": "panic", "on": on, "source": self._page.address}
        namespace, service = self._service
        labels = {"namespace": namespace, "service": service}
        return {**row, "name": reading.name, "value": reading.value, "labels": labels}
