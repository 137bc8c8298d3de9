"""The h2 transport's core on a plain socket: no gevent, no Locust, a callback at each call's end.

    python -m bench.peers.core_loop --host 127.0.0.1:PORT --seconds 5 --out FILE

So many calls are under way; each that ends begins the next. All that is begun while one read is
taken in leaves with one write. With `--rate` a call begins its share of the time later.
"""

import gc
import heapq
import select
import socket
import time
from functools import partial

from bench.peers.client import METHOD, OUTSTANDING, REQUEST
from bench.peers.loop_options import loop_parser, pause_s, write
from grpc_user.h2.connection import Connection
from grpc_user.h2.exchange import Exchange
from grpc_user.h2.headers import HeaderEncoder

_READ_BYTES = 1 << 18
_TIMEOUT_S = 30.0
_CONNECT_S = 5.0
_OK = "OK"


class Callers:
    """Calls that begin anew when they end.

    Args:
        host: HOST:PORT.
        until_s: No call begins from then on.
        pause_s: From the end of one to the begin of the next.

    Attributes:
        latencies_s: Of each call that ended.
        failed: How many of these.
    """

    def __init__(self, host: str, until_s: float, pause_s: float) -> None:
        name, port = host.rsplit(":", 1)
        self._socket = socket.create_connection((name, int(port)), _CONNECT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._poll = select.poll()
        self._connection = Connection()
        encoder = HeaderEncoder("http", host, "bench")
        self._block = encoder.block(f"/{METHOD}", _TIMEOUT_S, ())
        self._body = REQUEST.SerializeToString()
        self._until_s, self._pause_s = until_s, pause_s
        self._due_s: list[float] = []
        self._unsent = b""
        self.latencies_s: list[float] = []
        self.failed = 0

    def run(self) -> None:
        """Until the time is up and every call has ended."""
        connection = self._connection
        while not connection.is_ready:
            self._turn()
        now_s, each_s = time.monotonic(), self._pause_s / OUTSTANDING
        self._due_s = [now_s + each_s * number for number in range(OUTSTANDING)]
        while self._begin_due() or connection.exchanges:
            self._turn()
        self._socket.close()

    def _begin_due(self) -> bool:
        """Begin what is due; whether more may be."""
        now_s = time.monotonic()
        if now_s >= self._until_s:
            return False
        while self._due_s and self._due_s[0] <= now_s:
            heapq.heappop(self._due_s)
            self._begin(now_s)
        return True

    def _begin(self, now_s: float) -> None:
        exchange = Exchange(_nothing)
        exchange.changed = partial(self._ended, exchange, now_s)
        self._connection.begin(exchange, self._block, self._body)

    def _ended(self, exchange: Exchange, begun_s: float) -> None:
        if exchange.status is None:
            return
        now_s = time.monotonic()
        self.latencies_s.append(now_s - begun_s)
        self.failed += exchange.status[0] != _OK
        if self._pause_s:
            heapq.heappush(self._due_s, now_s + self._pause_s)
        elif now_s < self._until_s:
            self._begin(now_s)

    def _turn(self) -> None:
        """Write what there is, wait, read what came."""
        self._write()
        events = select.POLLIN | (select.POLLOUT if self._unsent else 0)
        self._poll.register(self._socket, events)
        if not self._poll.poll(self._wait_ms()):
            return
        try:
            data = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            raise ConnectionError("the server hung up")
        self._connection.receive(data)

    def _wait_ms(self) -> float:
        wait_s = min(self._due_s, default=self._until_s) - time.monotonic()
        return 1e3 * max(0.0, min(wait_s, _CONNECT_S)) if self._due_s else 1e3 * _CONNECT_S

    def _write(self) -> None:
        connection = self._connection
        self._unsent += b"".join(connection.out)
        connection.out.clear()
        if self._unsent:
            try:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
            except BlockingIOError:
                return


def _nothing() -> None:
    pass


def main() -> None:
    """Call and write what came of it."""
    options = loop_parser(__doc__.splitlines()[0]).parse_args()
    gc.freeze()
    until_s = time.monotonic() + options.seconds
    callers = Callers(options.host, until_s, pause_s(options.rate))
    callers.run()
    write(options.out, callers.latencies_s, callers.failed)


if __name__ == "__main__":
    main()
