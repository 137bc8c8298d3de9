"""A locustfile whose engine has little room to tell what becomes of arrivals, nor the records."""

from functools import partial

from grpc_user.engine.handle import EngineHandle
from grpc_user.engine.process_sending import ProcessSending
from grpc_user.spin_user import SpinUser
from records import outbox

__all__ = ["SpinUser"]

RING_SLOTS = 128
ONE_PAGE = 4096

outbox.PIPE_BYTES = ONE_PAGE
ProcessSending.__init__.__defaults__ = (partial(EngineHandle.start, slots=RING_SLOTS),)
