"""One kind of object, watched for as long as asked: gaps are marked, and the watch goes on."""

from experiment.kube import Cluster, Json
from experiment.kube_errors import ApiGone, KubeError, Unreachable
from experiment.observer.clock import Time
from experiment.observer.gap import Gaps, Tell
from experiment.observer.readers import Watched
from records.replica_rows import Row

WATCH_S = 60
TOO_SHORT_S = 1.0
"""A watch that ends sooner is not asked for again at once."""
_NOT_AS_KNOWN = (LookupError, TypeError, ValueError, AttributeError)


class ResourceWatch:
    """Lists one kind of object once and watches it from there.

    After a break it goes on from the version it saw last; where that is too old it lists again,
    and tells what has changed and what has gone meanwhile.

    Args:
        cluster: Where to ask.
        watched: What to watch.
        namespace: Where it is.
        selector: Labels by which to choose.
        tell: Takes each row.
        clock: Where time comes from.
    """

    def __init__(
        self,
        cluster: Cluster,
        watched: Watched,
        namespace: str,
        selector: str,
        *,
        tell: Tell,
        clock: Time,
    ) -> None:
        self._cluster = cluster
        self._reader = watched.reader()
        self._path = watched.resource.path(namespace)
        self._query = {"labelSelector": selector}
        self._tell = tell
        self._clock = clock
        self._gaps = Gaps(watched.resource.plural, tell, clock)
        self._version: str | None = None
        self._heard_unix_s = clock.unix_s()

    def run(self) -> None:
        """Watch until the time is over."""
        while not self._clock.is_over():
            try:
                self._follow()
            except KubeError as error:
                if self._clock.is_over():
                    break  # our own end looks like a break
                self._lose(error)
            except _NOT_AS_KNOWN as error:
                self._lose_sense(error)
        self._gaps.end()

    def _follow(self) -> None:
        """List where that is due, and watch once."""
        version = self._version or self._list()
        began_unix_s = self._clock.unix_s()
        events = self._cluster.watch(self._path, version, WATCH_S, self._query)
        self._heard_unix_s = self._clock.unix_s()
        self._gaps.end()
        for event in events:
            if self._clock.is_over():
                return
            self._take(event)
        if self._clock.unix_s() - began_unix_s < TOO_SHORT_S:
            self._clock.wait(TOO_SHORT_S)

    def _list(self) -> str:
        found = self._cluster.get(self._path, self._query)
        now = self._clock.unix_s()
        things = found.get("items") or []
        names = {thing["metadata"]["name"] for thing in things}
        for name in self._reader.names():
            if name not in names:
                self._tell_all(self._reader.gone(name, now))
        for thing in things:
            self._tell_all(self._reader.seen(thing, now))
        self._version = str(found["metadata"]["resourceVersion"])
        return self._version

    def _take(self, event: Json) -> None:
        now = self._heard_unix_s = self._clock.unix_s()
        thing = event["object"]
        match event["type"]:
            case "ADDED" | "MODIFIED":
                self._tell_all(self._reader.seen(thing, now))
            case "DELETED":
                self._tell_all(self._reader.gone(thing["metadata"]["name"], now))
        self._version = str(thing["metadata"]["resourceVersion"])

    def _lose(self, error: KubeError) -> None:
        was_silent = isinstance(error, Unreachable) and error.was_silent
        since_unix_s = self._heard_unix_s if was_silent else self._clock.unix_s()
        self._gaps.lose(str(error), since_unix_s)
        if isinstance(error, ApiGone):
            self._version = None
        self._gaps.pause()

    def _lose_sense(self, error: Exception) -> None:
        """An answer that is not as Kubernetes has them is a gap too, not the observer's end."""
        self._version = None
        self._gaps.lose(f"not understood: {error!r}", self._clock.unix_s())
        self._gaps.pause()

    def _tell_all(self, rows: list[Row]) -> None:
        for row in rows:
            self._tell(row)
