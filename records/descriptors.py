"""Closing a descriptor at once."""

import os


def close_now(descriptor: int) -> None:
    """Close a pipe's end before this returns.

    gevent's patched `os.close` puts it off until its loop runs, for it may be watching the
    descriptor. It never watches these; and in a forked child the loop may never run, so that the
    end of the pipe would never be seen. `closerange` is left unpatched.
    """
    os.closerange(descriptor, descriptor + 1)
