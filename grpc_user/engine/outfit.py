"""What an engine sends with: connections, and what it makes its calls from."""

from __future__ import annotations

from collections.abc import Callable

from grpc_user.config import GrpcConfig
from grpc_user.engine.asking import Asking
from grpc_user.engine.calls import Calls
from grpc_user.engine.headers import header_maker
from grpc_user.engine.loop import Loop
from grpc_user.engine.requests import SPIN_PATH, JsonRequests, Requests, SpinRequests
from grpc_user.engine.rows import Rows
from grpc_user.engine.spec import EngineSpec
from grpc_user.engine.wires import Addressed, Wires
from grpc_user.errors import DescriptorError, GrpcUserError
from grpc_user.json_call import JsonCall, prepare_json_call
from openloop.planned_spins import PlannedSpins
from shapes.errors import InvalidValue
from shapes.plan import Plan

VALID_TARGET = "valid: a target that serves before the run"


class Outfit:
    """Made from an engine's spec.

    Args:
        loop: The engine's.
        spec: What it was told.
        rows: What becomes of arrivals.
        has_room: Called when a stream has become free otherwise than by a call's end.
    """

    def __init__(
        self, loop: Loop, spec: EngineSpec, rows: Rows, has_room: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._spec = spec
        self._rows = rows
        self._has_room = has_room
        self._config = GrpcConfig()
        self._json_call: JsonCall | None = None
        self._wires: Wires | None = None

    @property
    def timeout_s(self) -> float:
        """The deadline of each call."""
        return self._config.timeout_s

    @property
    def path(self) -> str:
        """What is called."""
        return self._config.call or SPIN_PATH

    def open(self) -> tuple[str, ...]:
        """Connect, and learn what `--call` needs; why nothing can be sent, or nothing."""
        try:
            return self._open()
        except (InvalidValue, GrpcUserError) as error:
            return (str(error),)

    def calls(self, plan: Plan) -> Calls:
        """What makes the calls of a run."""
        config, run_id = self._config, self._spec.run_id
        assert self._wires is not None, "opened before"
        return Calls(
            self._loop,
            self._requests(plan),
            header_maker(self.path, config.timeout_s, config.metadata, run_id),
            self._rows,
            self._wires,
            timeout_s=config.timeout_s,
            limit=self._spec.max_in_flight,
        )

    def _open(self) -> tuple[str, ...]:
        spec = self._spec
        self._config = config = GrpcConfig.from_request({**spec.request, "host": spec.host})
        targets = config.targets(config.host)
        addressed = Addressed(targets, config.settings, config.connections)
        self._wires = Wires(self._loop, addressed, self._has_room)
        problems = self._wires.open()
        if problems:
            return (f"{'; '.join(problems)}; {VALID_TARGET}",)
        if config.call:
            self._json_call = _unary(prepare_json_call(config, Asking(self._loop, self._wires)))
        return ()

    def _requests(self, plan: Plan) -> Requests:
        if self._json_call is not None:
            return JsonRequests(self._json_call, self._spec.seed)
        spins = None if plan.trace is None else PlannedSpins(plan)
        return SpinRequests(self._spec.run_id, self._config.spin_s, spins, self._rows.texts)


def _unary(call: JsonCall) -> JsonCall:
    """The call, if it has one request and one reply.

    Raises:
        DescriptorError: when it has streams.
    """
    if call.method.streams_requests or call.method.streams_replies:
        raise DescriptorError(
            f"--engine process has no streams, and {call.method.path.removeprefix('/')} is one; "
            "valid: a method with one request and one reply, or --engine hub"
        )
    return call
