import threading
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from records.depot.client import Address
from records.depot.server import DepotServer
from records.depot.store import Store


@dataclass
class Depot:
    """A depot that listens on loopback."""

    server: DepotServer
    folder: Path

    @property
    def address(self):
        return Address("127.0.0.1", self.server.server_address[1])

    def ask(self, method, path, body=None, headers=None):
        """Status and content of an answer."""
        connection = HTTPConnection(self.address.host, self.address.port, timeout=10)
        with closing(connection):
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()

    def put(self, run, name, body):
        return self.ask("PUT", f"/runs/{run}/{name}", body)[0]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def start_depot(tmp_path):
    depots = []

    def start(folder=None, port=0, **limits):
        folder = folder or tmp_path / "home"
        server = DepotServer("127.0.0.1", port, Store(folder, **limits))
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        depots.append(Depot(server, folder))
        return depots[-1]

    yield start
    for depot in depots:
        depot.close()


@pytest.fixture
def depot(start_depot):
    return start_depot()
