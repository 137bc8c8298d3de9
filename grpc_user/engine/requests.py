"""What arrival k sends, in bytes, and what its reply says."""

from __future__ import annotations

from typing import Protocol

from grpc_user.engine.rows import NO_FIGURES, Figures
from grpc_user.engine.texts import TextWriter
from grpc_user.json_call import JsonCall
from openloop.planned_spins import PlannedSpins
from proto.spin_pb2 import SpinReply
from records.slots import NO_TIME

SPIN_PATH = "/spin.v1.Spinner/Spin"
US = 1_000_000
ID_FIELD, SPIN_FIELD = b"\x0a", b"\x10"  # SpinRequest's fields 1 (bytes) and 2 (varint)
MOST_IN_A_BYTE = 0x7F


class Requests(Protocol):
    """One kind of call.

    Attributes:
        path: What is called.
    """

    path: str

    def request(self, k: int) -> tuple[bytes, float]:
        """The message of arrival k, and the seconds of work that it asks for (NaN for none)."""
        ...

    def figures(self, body: bytes) -> Figures:
        """What a reply says of its worker.

        Raises:
            Exception: of any kind, for a reply that is none.
        """
        ...


class SpinRequests:
    """Calls of the spin service.

    Args:
        run_id: The run; each request bears its arrival's name.
        spin_s: Work of an arrival of which the plan says nothing.
        spins: What the plan says; None where it says nothing.
        texts: Numbers the texts of replies.
    """

    path = SPIN_PATH

    def __init__(
        self, run_id: str, spin_s: float, spins: PlannedSpins | None, texts: TextWriter
    ) -> None:
        self._prefix = f"{run_id}/"
        self._default_s = spin_s
        self._default_field = spin_field(spin_s)
        self._spins = spins
        self._number = texts.number

    def request(self, k: int) -> tuple[bytes, float]:
        """The message of arrival k, and the seconds of work that it asks for."""
        name = f"{self._prefix}{k}".encode()
        start = ID_FIELD + varint(len(name)) + name
        planned_s = None if self._spins is None else self._spins.of(k)
        if planned_s is None:
            return start + self._default_field, self._default_s
        return start + spin_field(planned_s), planned_s

    def figures(self, body: bytes) -> Figures:
        """What the worker says of itself and of this call."""
        reply = SpinReply.FromString(body)
        return Figures(
            reply.queue_us / US,
            reply.wall_us / US,
            reply.cpu_us / US,
            reply.throttled_us / US,
            reply.instance_seq,
            self._number(reply.instance_id or None),
            self._number(reply.pod or None),
        )


class JsonRequests:
    """`--call` with its rows.

    Args:
        call: The method and its requests.
        seed: The run's.
    """

    def __init__(self, call: JsonCall, seed: int) -> None:
        self.path = call.method.path
        self._call = call
        self._seed = seed
        self._decoded = call.method.decoded

    def request(self, k: int) -> tuple[bytes, float]:
        """The row that arrival k takes."""
        return self._call.request(self._seed, k), NO_TIME

    def figures(self, body: bytes) -> Figures:
        """None; but what is no reply of the method's must not count as one."""
        self._decoded(body)
        return NO_FIGURES


def spin_field(spin_s: float) -> bytes:
    """The request's `spin_us` on the wire; proto3 leaves a zero out."""
    spin_us = round(spin_s * US)
    return SPIN_FIELD + varint(spin_us) if spin_us else b""


def varint(number: int) -> bytes:
    """A number as protobuf writes it: seven bits a byte, the lowest first."""
    if number <= MOST_IN_A_BYTE:
        return bytes((number,))
    made = bytearray()
    while number > MOST_IN_A_BYTE:
        made.append(number & MOST_IN_A_BYTE | MOST_IN_A_BYTE + 1)
        number >>= 7
    made.append(number)
    return bytes(made)
