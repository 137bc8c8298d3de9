"""A call on the wire and the greenlet that waits for it."""

from collections.abc import Callable, Iterator

import gevent
from gevent.event import Event

from grpc_user.h2.exchange import Exchange, only_message
from grpc_user.h2.session import Session
from grpc_user.h2.status import CANCELLED, DEADLINE
from grpc_user.h2.wire import H2Wire
from grpc_user.transport import CallSpec, Ending


class RunningCall:
    """A call from its sending to its end; also a `ReplyStream`.

    Args:
        spec: What is called.
        ended: Called once, when nothing more will come.
        now_s: The monotonic clock.
        reads_messages: Whether its replies are read one by one.
    """

    def __init__(
        self,
        spec: CallSpec,
        ended: Callable[[], None],
        now_s: Callable[[], float],
        *,
        reads_messages: bool,
    ) -> None:
        self.spec = spec
        self._ended: Callable[[], None] | None = ended
        self._now_s = now_s
        self._changes = Event()
        self._sent_changes: Event | None = None
        self._feeder: gevent.Greenlet | None = None
        self._session: Session | None = None
        self._received_s: float | None = None
        self._ends_s = None if spec.timeout_s is None else now_s() + spec.timeout_s
        self.exchange = Exchange(self._changed, tells_messages=reads_messages)

    def start(self, wire: H2Wire, request: bytes | Iterator[bytes]) -> None:
        """Send it, on whatever session the wire has or gets.

        Raises:
            NotConnectedError: when there is none.
        """
        spec = self.spec
        session = wire.session(spec.timeout_s, wait_for_ready=bool(spec.wait_for_ready))
        self._session = session
        block = wire.encoder.block(spec.path, spec.timeout_s, spec.metadata)
        if isinstance(request, bytes):
            session.connection.begin(self.exchange, block, request)
            session.flush()
            return
        session.connection.begin(self.exchange, block, None)
        session.flush()
        self._sent_changes = Event()
        self._feeder = gevent.spawn(self._feed, session, request)

    def wait(self) -> Ending:
        """Its end, with the reply of a call that has a single one."""
        self._wait_while(lambda: self.exchange.status is None)
        return self.ending()

    def next_body(self) -> bytes | None:
        """The next reply; None when there are no more, for whatever reason."""
        exchange = self.exchange
        self._wait_while(lambda: exchange.status is None and not exchange.messages)
        if not exchange.messages or self._session is None:
            self._finish()
            return None
        body = self._session.connection.take_message(exchange)
        self._session.flush()
        return body

    def ending(self) -> Ending:
        """The final status; of a call that is not over, that it was cancelled."""
        if self.exchange.status is None:
            self.cancel()
        self._finish()
        return ending_of(self.exchange, self._received_s or self._now_s(), self.spec)

    def cancel(self) -> None:
        """End the call on the wire; harmless afterwards."""
        self._end(*CANCELLED)

    def _end(self, code: str, details: str) -> None:
        if self._session is None:
            self.exchange.finish(code, details)
        else:
            self._session.connection.cancel(self.exchange, code, details)
            self._session.flush()
        self._finish()

    def _wait_while(self, is_waiting: Callable[[], bool]) -> None:
        changes = self._changes
        try:
            while is_waiting():
                left_s = None if self._ends_s is None else max(0.0, self._ends_s - self._now_s())
                if changes.wait(left_s):
                    changes.clear()
                elif is_waiting():
                    self._end(*DEADLINE)
        except BaseException:
            self.cancel()
            raise

    def _changed(self) -> None:
        if self.exchange.status is not None and self._received_s is None:
            self._received_s = self._now_s()
        self._changes.set()
        if self._sent_changes is not None:
            self._sent_changes.set()

    def _feed(self, session: Session, requests: Iterator[bytes]) -> None:
        exchange, connection = self.exchange, session.connection
        try:
            for body in requests:
                if exchange.status is not None:
                    return
                connection.send_message(exchange, body)
                session.flush()
                self._wait_until_sent()
        except Exception as error:  # noqa: BLE001 - the task's own code; what it raised is told
            self._end("UNKNOWN", f"Exception iterating requests! {type(error).__name__}: {error}")
            return
        if exchange.status is None:
            connection.end_messages(exchange)
            session.flush()

    def _wait_until_sent(self) -> None:
        """An iterator is asked no faster than the peer takes what it gives."""
        changes = self._sent_changes
        while changes is not None and self.exchange.outgoing.waiting:
            if self.exchange.status is not None:
                return
            changes.wait()
            changes.clear()

    def _finish(self) -> None:
        if self._ended is None:
            return
        ended, self._ended = self._ended, None
        if self._feeder is not None and self._feeder is not gevent.getcurrent():
            self._feeder.kill(block=False)
        ended()


def ending_of(exchange: Exchange, received_s: float, spec: CallSpec) -> Ending:
    """The status of a call that is over."""
    code, details = exchange.status or CANCELLED
    body = None
    if code == "OK" and not spec.streams_replies:
        code, details, body = only_message(exchange)
    return Ending(code, details, received_s, body, exchange)
