"""`python -m experiment.sweep.carrying.gated CORES MODULE ARG...`: waits, then becomes the module.

It waits for a byte on its standard input, which comes when the ledger knows of this process; where
its starter ends first it ends too, and has done nothing.
"""

import os
import runpy
import sys

NOT_LET_GO = 70


def main() -> None:
    """Wait, take to the cores (numbers with commas between, or none for all), become the module."""
    cores, module, *arguments = sys.argv[1:]
    if not os.read(0, 1):
        sys.exit(NOT_LET_GO)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if cores:
        os.sched_setaffinity(0, [int(core) for core in cores.split(",")])
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
