"""The depot over HTTP: `PUT /runs/RUN/FILE`, `GET /runs`, `GET /runs/RUN.tar`, `GET /health`.

It knows no login: who may reach it is said by the network around it.
"""

import json
import socket
import sys
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from records.depot.archive import write_tar
from records.depot.chunked import ChunkedWriter
from records.depot.errors import Refused, TornUpload
from records.depot.store import DEPOT_ID_HEADER, Store
from records.depot.travelling import files_of_run, is_safe_name

EVERY_ADDRESS = "*"
CHUNK_BYTES = 64 * 1024
PATIENCE_S = 60.0
RUNS, TAR, HEALTH = "/runs", ".tar", "/health"


class DepotServer(ThreadingHTTPServer):
    """Serves a store; `serve_forever` runs it.

    Args:
        host: An address of this machine; "*" for all.
        port: 0 takes a free one.
        store: Where files go.

    Raises:
        OSError: when it cannot listen there.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, store: Store) -> None:
        self.store = store
        every = host == EVERY_ADDRESS
        dual = every and socket.has_dualstack_ipv6()
        self.address_family = socket.AF_INET6 if dual or ":" in host else socket.AF_INET
        super().__init__(("" if every else host, port), _Handler)

    def server_bind(self) -> None:
        """Listen on IPv4 too where IPv6 is listened on."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """One line of what went wrong with one connection."""
        sys.stderr.write(f"{client_address}: {sys.exception()!r}\n")


class _Handler(BaseHTTPRequestHandler):
    server: DepotServer
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S  # of one read or write: a sender that is gone does not hold a thread

    def do_PUT(self) -> None:
        """A file of a run."""
        self._unread_bytes = 0
        try:
            run, name = self._run_and_name()
            size_bytes = self._size_bytes()
            status = self.server.store.take(run, name, size_bytes, self._body())
            self._answer(status, {})
        except Refused as error:
            self._drain()
            self.close_connection = True
            self._answer(error.status, {"error": str(error)})

    def do_GET(self) -> None:
        """What runs there are, or one of them whole."""
        if self.path == RUNS:
            self._answer(HTTPStatus.OK, {"runs": self.server.store.runs()})
        elif self.path == HEALTH:
            self._answer(HTTPStatus.OK, {})
        elif self.path.startswith(f"{RUNS}/") and self.path.endswith(TAR):
            self._send_tar(self.path.removeprefix(f"{RUNS}/").removesuffix(TAR))
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"error": f"no such page: {self.path!r}"})

    def _send_tar(self, run: str) -> None:
        root = self.server.store.root
        if not is_safe_name(run) or not files_of_run(root, run):
            self._answer(HTTPStatus.NOT_FOUND, {"error": f"no run {run!r} here"})
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/x-tar")
        # Chunked: a transfer that is cut short cannot pass for a whole one.
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        out = ChunkedWriter(self.wfile)
        write_tar(root, run, out)
        out.end()

    def _run_and_name(self) -> tuple[str, str]:
        parts = self.path.removeprefix(f"{RUNS}/").split("/")
        if not self.path.startswith(f"{RUNS}/") or len(parts) != 2:  # noqa: PLR2004 - run and file
            raise Refused(HTTPStatus.NOT_FOUND, f"no such place: {self.path!r}")
        return parts[0], parts[1]

    def _size_bytes(self) -> int:
        text = self.headers.get("Content-Length", "")
        if not text.isdecimal() or self.headers.get("Transfer-Encoding"):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "a file comes with its Content-Length")
        self._unread_bytes = int(text)
        return self._unread_bytes

    def _body(self) -> Iterator[bytes]:
        while self._unread_bytes:
            chunk = self.rfile.read(min(self._unread_bytes, CHUNK_BYTES))
            self._unread_bytes -= len(chunk)
            if not chunk:
                raise TornUpload(f"the sender was gone {self._unread_bytes} bytes before the end")
            yield chunk

    def _drain(self) -> None:
        """Read what nobody wants: a sender cut off in the middle would never see the answer."""
        for _ in self._body():
            pass

    def _answer(self, status: HTTPStatus, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header(DEPOT_ID_HEADER, self.server.store.id)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the library
        """One line on standard error; probes are not worth one."""
        if self.path != HEALTH:
            text = (format % args).translate(self._control_char_table)  # type: ignore[attr-defined]
            sys.stderr.write(f"{self.address_string()} {text}\n")
