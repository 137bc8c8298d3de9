"""The keeper of records in the cluster, reached through the API server."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from experiment.errors import ExperimentError
from experiment.kube import Cluster
from experiment.kube_errors import ApiRefused, NotFound
from experiment.resources import SERVICES

DEPOT = "locust-results:8070"


class NoDepot(ExperimentError):
    """There is no keeper of records that answers."""


@dataclass(frozen=True)
class KeptRun:
    """A run that is kept there.

    Attributes:
        run: Its id.
        files: How many.
        size_bytes: All of them together.
        finished: Whether it has ended.
    """

    run: str
    files: int
    size_bytes: int
    finished: bool


class Depot:
    """Reads what is kept in a namespace.

    Args:
        cluster: Where to ask.
        namespace: Of the run's pods.
    """

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._cluster = cluster
        self.namespace = namespace

    def runs(self) -> tuple[KeptRun, ...]:
        """What is there.

        Raises:
            NoDepot: when nothing keeps records in the namespace, or it does not answer.
            KubeError: when the API cannot be asked.
        """
        try:
            answer = self._cluster.get(self._path("runs"))
        except NotFound:
            raise NoDepot(
                f"namespace {self.namespace} has no Service locust-results, which keeps records "
                "of runs in the cluster; --namespace names another"
            ) from None
        except ApiRefused as error:
            raise _not_answering(self.namespace, error) from None
        return tuple(
            KeptRun(one["run"], one["files"], one["bytes"], bool(one["finished"]))
            for one in answer.get("runs", ())
        )

    def tar(self, run: str) -> "PieceReader":
        """A run's files as they come, to be read once.

        Raises:
            KubeError: when the API cannot be asked, or the run is not there.
        """
        return PieceReader(self._cluster.download(self._path("runs", f"{run}.tar")))

    def _path(self, *parts: str) -> str:
        return SERVICES.path(self.namespace, DEPOT, "proxy", *parts)


def _not_answering(namespace: str, error: ApiRefused) -> Exception:
    if error.status in (403, 401):
        return error
    return NoDepot(f"locust-results in namespace {namespace} does not answer: {error}")


class PieceReader(io.RawIOBase):
    """Pieces of bytes as a file that is read from front to back."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as far as the piece at hand goes; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        room = memoryview(buffer)  # type: ignore[arg-type]  # any writable buffer
        count = min(len(room), len(self._rest))
        room[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
