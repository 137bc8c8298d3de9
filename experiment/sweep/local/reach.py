"""Whether what is under load can be reached from here, waited for within bounds."""

import socket
import time
from collections.abc import Sequence

from experiment.sweep.ground import TargetGone
from grpc_user.targets import Target

TRY_S = 2.0
PAUSE_S = 0.2


def wait_until_reached(targets: Sequence[Target], within_s: float) -> float:
    """How many seconds it took until every target took a connection.

    Raises:
        TargetGone: naming the one that does not.
    """
    began_s = time.monotonic()
    for target in targets:
        while (reason := _refusal(target)) is not None:
            if time.monotonic() - began_s > within_s:
                raise TargetGone(f"{target.text} does not answer: {reason}")
            time.sleep(PAUSE_S)
    return time.monotonic() - began_s


def _refusal(target: Target) -> str | None:
    """Why there is no connection; None where there is one."""
    family = socket.AF_INET if target.host else socket.AF_UNIX
    try:
        if family == socket.AF_UNIX:
            with socket.socket(family) as one:
                one.settimeout(TRY_S)
                one.connect(target.address.removeprefix("unix:"))
        else:
            socket.create_connection((target.host, target.port), TRY_S).close()
    except OSError as error:
        return error.strerror or str(error)
    return None
