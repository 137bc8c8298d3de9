"""An API server on loopback that lists and watches as Kubernetes does, told what happens."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: fake
clusters: [{{name: fake, cluster: {{server: "{url}"}}}}]
users: [{{name: fake, user: {{token: let-me-in}}}}]
contexts: [{{name: fake, context: {{cluster: fake, user: fake}}}}]
"""


class FakeApi:
    """Its objects by list path and name, and the history of all changes."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.version = 100
        self.oldest = 0
        self.objects: dict[str, dict[str, dict]] = {}
        self.history: list[tuple[int, str, str, dict]] = []
        self.refusals: dict[str, tuple[int, str]] = {}
        self.is_silent = False
        self.connections: set[socket.socket] = set()
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.queries: list[tuple[str, str, dict[str, str]]] = []
        self.reacts: Callable[[str, dict, dict], dict] = lambda path, before, after: after
        self.texts: dict[str, bytes] = {}
        self.url = ""

    def put(self, path: str, thing: dict) -> None:
        """An object appears or changes."""
        name = thing["metadata"]["name"]
        kind = "MODIFIED" if name in self.objects.get(path, {}) else "ADDED"
        self._happen(kind, path, thing)

    def remove(self, path: str, name: str) -> None:
        """An object is deleted."""
        self._happen("DELETED", path, self.objects[path][name])

    def _happen(self, kind: str, path: str, thing: dict) -> None:
        with self.changed:
            self.version += 1
            thing = json.loads(json.dumps(thing))
            thing["metadata"]["resourceVersion"] = str(self.version)
            name = thing["metadata"]["name"]
            there = self.objects.setdefault(path, {})
            if kind == "DELETED":
                del there[name]
            else:
                there[name] = thing
            self.history.append((self.version, path, kind, thing))
            self.changed.notify_all()

    def patch(self, path: str, patch: dict, query: dict[str, str]) -> tuple[int, dict]:
        """A merge patch of an object that is there: status and answer."""
        folder, _, name = path.rpartition("/")
        before = self.objects[folder][name]
        wanted = patch.get("metadata", {}).pop("resourceVersion", None)
        if wanted not in (None, before["metadata"]["resourceVersion"]):
            return 409, {"kind": "Status", "code": 409, "message": "it has been modified"}
        after = self.reacts(path, before, merged(json.loads(json.dumps(before)), patch))
        if after.get("kind") == "Status":
            return after["code"], after
        if "dryRun" not in query:
            self.put(folder, after)
            after = self.objects[folder][name]
        return 200, after

    def forget(self) -> None:
        """Versions up to now can no longer be watched from."""
        with self.changed:
            self.version += 1
            self.oldest = self.version

    def refuse(self, path: str, status: int, message: str = "no") -> None:
        """Answer requests for a path so, from now on."""
        self.refusals[path] = (status, message)

    def cut(self) -> None:
        """Break every connection."""
        with self.changed:
            for connection in list(self.connections):
                with_no_error(connection)
            self.changed.notify_all()

    def watches(self) -> list[str]:
        """Paths of all watches that were ever asked for."""
        return [path for _, path, query in list(self.asked) if "watch" in query]


def merged(target: object, patch: object) -> object:
    """RFC 7386, section 2."""
    if not isinstance(patch, dict):
        return patch
    made = target if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merged(made.get(name), value)
    return made


def with_no_error(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: FakeApi

    def setup(self):
        super().setup()
        self.api.connections.add(self.connection)

    def finish(self):
        self.api.connections.discard(self.connection)
        try:
            super().finish()
        except OSError:
            return

    def log_message(self, *_):
        return

    def handle(self):
        try:
            super().handle()
        except OSError:
            return

    def do_GET(self):
        place = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(place.query).items()}
        self.api.asked.append((self.command, place.path, query))
        if self.api.is_silent:
            self.close_connection = True
            return
        if self.headers.get("Authorization") != "Bearer let-me-in":
            self._status(401, "Unauthorized")
        elif place.path in self.api.refusals:
            self._status(*self.api.refusals[place.path])
        elif place.path in self.api.texts:
            self._answer(200, self.api.texts[place.path])
        elif "watch" in query:
            self._watch(place.path, query)
        else:
            self._objects(place.path)

    def do_POST(self):
        place = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        self.api.asked.append(
            (self.command, place.path, {**body, "type": self.headers.get_content_type()})
        )
        query = {key: values[0] for key, values in parse_qs(place.query).items()}
        folder, _, name = place.path.rpartition("/")
        self.api.queries.append((self.command, place.path, query))
        if self.api.is_silent:
            self.close_connection = True
        elif place.path in self.api.refusals:
            self._status(*self.api.refusals[place.path])
        elif self.command == "PATCH" and name in self.api.objects.get(folder, {}):
            self._json(*self.api.patch(place.path, body, query))
        else:
            self._json(200, {"kind": "Given", "given": body})

    do_PATCH = do_DELETE = do_POST  # noqa: N815 - the base class looks for these names

    def _objects(self, path: str) -> None:
        with self.api.changed:
            folder, _, name = path.rpartition("/")
            found = self.api.objects.get(path)
            one = self.api.objects.get(folder, {}).get(name)
            version = str(self.api.version)
        if found is not None:
            items = list(found.values())
            self._json(200, {"items": items, "metadata": {"resourceVersion": version}})
        elif one is not None:
            self._json(200, one)
        else:
            self._status(404, "not found")

    def _status(self, code: int, message: str) -> None:
        self._json(code, {"kind": "Status", "code": code, "message": message})

    def _json(self, code: int, value: dict) -> None:
        self._answer(code, json.dumps(value).encode())

    def _answer(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _watch(self, path: str, query: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        seen = int(query["resourceVersion"])
        if seen < self.api.oldest:
            gone = {"kind": "Status", "code": 410, "message": "too old resource version"}
            self._chunk({"type": "ERROR", "object": gone})
        else:
            self._tell(path, seen)
        self.wfile.write(b"0\r\n\r\n")

    def _tell(self, path: str, seen: int) -> None:
        while True:
            with self.api.changed:
                news = [one for one in self.api.history if one[0] > seen and one[1] == path]
                if not news:
                    self.api.changed.wait()
                if self.connection not in self.api.connections or self.api.is_silent:
                    return
            for version, _, kind, thing in news:
                self._chunk({"type": kind, "object": thing})
                seen = version

    def _chunk(self, event: dict) -> None:
        line = json.dumps(event).encode() + b"\n"
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        return


@contextmanager
def fake_api(port: int = 0) -> Iterator[FakeApi]:
    """An API server that runs meanwhile."""
    api = FakeApi()
    with _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"api": api})) as server:
        api.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield api
        finally:
            api.is_silent = True
            server.shutdown()
            api.cut()


def write_kubeconfig(folder: Path, api: FakeApi) -> str:
    path = folder / "kubeconfig"
    path.write_text(KUBECONFIG.format(url=api.url))
    return str(path)
