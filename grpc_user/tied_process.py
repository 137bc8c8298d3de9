"""`python -m grpc_user.tied_process MODULE ARG...`: runs a module that ends with its parent.

A generator that is killed can end nothing: the kernel then sends SIGTERM in its place.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to_parent(parent: int) -> None:
    """Be sent SIGTERM when the parent ends (Linux; elsewhere nothing happens)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it ended before we asked
        sys.exit(128 + signal.SIGTERM)


def main() -> None:
    """Tie this process to the one that started it, and become the module."""
    parent, module, *arguments = sys.argv[1:]
    tie_to_parent(int(parent))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
