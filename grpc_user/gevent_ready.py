"""grpc inside a gevent process: made ready once, or refused out loud."""

import functools

import grpc.experimental.gevent
from gevent import monkey

from grpc_user.errors import NotPatchedError

NEEDED_MODULES = ("socket", "threading")


def check_patched() -> None:
    """Refuse a process in which one call would block all others.

    Raises:
        NotPatchedError: saying what to do.
    """
    unpatched = [name for name in NEEDED_MODULES if not monkey.is_module_patched(name)]
    if unpatched:
        raise NotPatchedError(
            f"gevent has not patched {' and '.join(unpatched)}: each gRPC call would block every "
            "other one; import locust first, or call gevent.monkey.patch_all(), and unset "
            "LOCUST_SKIP_MONKEY_PATCH"
        )


@functools.cache
def make_grpc_ready() -> None:
    """Let grpc wait on gevent's loop; call it before the first channel, after any fork.

    Raises:
        NotPatchedError: see `check_patched`.
    """
    check_patched()
    grpc.experimental.gevent.init_gevent()
