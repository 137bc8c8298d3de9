"""A real API server, asked through the official client library: the one place that knows it."""

import errno
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import urllib3
from kubernetes.client.api_client import ApiClient
from kubernetes.client.exceptions import ApiException
from kubernetes.watch.watch import iter_resp_lines

from experiment.kube_errors import (
    ApiGone,
    ApiRefused,
    Conflict,
    Forbidden,
    KubeError,
    NotFound,
    Unreachable,
)
from experiment.resources import PODS, describe_path, is_one_object

CONNECT_S = 5.0
READ_S = 30.0
SILENT_AFTER_WATCH_S = 5.0
"""So long after its time a watch may still be silent before it counts as broken."""
LOG_SILENT_S = 600.0
PIECE_BYTES = 1 << 16
ERROR_BYTES = 1 << 16
MERGE_PATCH = "application/merge-patch+json"

Json = dict[str, Any]
Query = Mapping[str, str | int]


@dataclass(frozen=True)
class _Request:
    """What is asked, and how long the answer may be silent."""

    method: str
    verb: str
    path: str
    query: Query | None = None
    body: Json | None = None
    silent_s: float = READ_S


class ApiCluster:
    """A real API server.

    Args:
        client: Knows the address and the credentials.
    """

    def __init__(self, client: ApiClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._streams: set[Any] = set()
        self._is_closed = False

    def get(self, path: str, query: Query | None = None) -> Json:
        """See `experiment.kube.Cluster`."""
        verb = "get" if is_one_object(path) else "list"
        return self._json(_Request("GET", verb, path, query))

    def watch(
        self, path: str, resource_version: str, timeout_s: int, query: Query | None = None
    ) -> Iterator[Json]:
        """See `experiment.kube.Cluster`."""
        asked: Query = {
            **(query or {}),
            "watch": "true",
            "resourceVersion": resource_version,
            "timeoutSeconds": timeout_s,
            "allowWatchBookmarks": "true",
        }
        request = _Request("GET", "watch", path, asked, silent_s=timeout_s + SILENT_AFTER_WATCH_S)
        stream = ExitStack()
        response = stream.enter_context(self._stream(request))
        return _events(stream, response, request)

    def create(self, path: str, body: Json, query: Query | None = None) -> Json:
        """See `experiment.kube.Cluster`."""
        return self._json(_Request("POST", "create", path, query, body))

    def patch(self, path: str, body: Json, query: Query | None = None) -> Json:
        """See `experiment.kube.Cluster`."""
        return self._json(_Request("PATCH", "patch", path, query, body))

    def delete(self, path: str, query: Query | None = None) -> Json:
        """See `experiment.kube.Cluster`."""
        return self._json(_Request("DELETE", "delete", path, query))

    def logs(self, namespace: str, pod: str, query: Query | None = None) -> Iterator[str]:
        """See `experiment.kube.Cluster`."""
        path = PODS.path(namespace, pod, "log")
        with self._stream(_Request("GET", "get", path, query, silent_s=LOG_SILENT_S)) as response:
            yield from iter_resp_lines(response)

    def download(self, path: str, query: Query | None = None) -> Iterator[bytes]:
        """See `experiment.kube.Cluster`."""
        with self._stream(_Request("GET", "get", path, query)) as response:
            yield from response.stream(PIECE_BYTES)

    def close(self) -> None:
        """See `experiment.kube.Cluster`."""
        with self._lock:
            self._is_closed = True
            streams = list(self._streams)
        for response in streams:
            with suppress(OSError, ValueError, RuntimeError):
                response.shutdown()
        self._client.close()

    def _json(self, request: _Request) -> Json:
        with self._answer(request) as response:
            return _parsed(response.read(), request.path)

    @contextmanager
    def _stream(self, request: _Request) -> Iterator[urllib3.HTTPResponse]:
        """An answer that comes bit by bit; `close` of another thread ends it."""
        with self._answer(request) as response:
            with self._lock:
                if self._is_closed:
                    raise Unreachable("the way to the cluster has been closed")
                self._streams.add(response)
            try:
                yield response
            finally:
                with self._lock:
                    self._streams.discard(response)
                response.close()  # there may be more to come: the connection is of no further use

    @contextmanager
    def _answer(self, request: _Request) -> Iterator[urllib3.HTTPResponse]:
        with _named_failures(self._client.configuration.host):
            response = self._call(request)
            try:
                if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                    raise _refusal(response.status, response.read(ERROR_BYTES), request)
                yield response
            finally:
                response.release_conn()

    def _call(self, request: _Request) -> urllib3.HTTPResponse:
        headers = {"Accept": "application/json, */*"}
        if request.body is not None:
            is_patch = request.method == "PATCH"
            headers["Content-Type"] = MERGE_PATCH if is_patch else "application/json"
        asked = self._client.param_serialize(
            request.method,
            request.path,
            query_params=list((request.query or {}).items()),
            header_params=headers,
            body=request.body,
            auth_settings=["BearerToken"],
        )
        answer = self._client.call_api(*asked, _request_timeout=(CONNECT_S, request.silent_s))
        response: urllib3.HTTPResponse = answer.response
        return response


@contextmanager
def _named_failures(host: str) -> Iterator[None]:
    """What the libraries raise, as ours."""
    try:
        yield
    except KubeError:
        raise
    except (urllib3.exceptions.HTTPError, ApiException, OSError) as error:
        said = " ".join(str(getattr(error, "reason", None) or error).split())
        raise Unreachable(
            f"the API server at {host} does not answer: {said}", was_silent=_is_silence(error)
        ) from None


def _is_silence(error: Exception) -> bool:
    """Whether nothing came for long; a connection that breaks is known at once."""
    said = getattr(error, "errno", None)
    return said == errno.ETIMEDOUT or isinstance(error, urllib3.exceptions.ReadTimeoutError)


def _refusal(status: int, body: bytes, request: _Request) -> ApiRefused:
    verb, what = request.verb, describe_path(request.path)
    message = _message(body) or f"HTTP status {status}"
    match status:
        case HTTPStatus.FORBIDDEN:
            return Forbidden(what, verb)
        case HTTPStatus.NOT_FOUND:
            return NotFound(what)
        case HTTPStatus.CONFLICT:
            return Conflict(f"cannot {verb} {what}: {message}")
        case HTTPStatus.GONE:
            return ApiGone(f"cannot {verb} {what}: {message}")
    return ApiRefused(status, f"cannot {verb} {what}: {message}")


def _message(body: bytes) -> str:
    """What a Status object says, or the text of a proxy, in one line."""
    try:
        text = json.loads(body)["message"]
    except (ValueError, KeyError, TypeError):
        text = body.decode("utf-8", "replace")[:200]
    return " ".join(str(text).split())


def _events(stream: ExitStack, response: urllib3.HTTPResponse, request: _Request) -> Iterator[Json]:
    with stream:
        for line in iter_resp_lines(response):
            if line:
                yield _event(line, request)


def _event(line: str, request: _Request) -> Json:
    event = _parsed(line, request.path)
    if event.get("type") == "ERROR":
        said = event.get("object") or {}
        raise _refusal(int(said.get("code") or 0), json.dumps(said).encode(), request)
    return event


def _parsed(text: str | bytes, path: str) -> Json:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Unreachable(f"what answers for {describe_path(path)} is no Kubernetes API")
    return value
