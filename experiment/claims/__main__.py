"""`python -m experiment.claims`: the original's claims, tried on a model of what they are about.

A program of its own: the commands of `python -m experiment` begin without pandas and scipy.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from experiment.claims.document import document
from experiment.claims.grid import simulated_runs, spec_of
from experiment.claims.systems import SYSTEMS
from experiment.claims.wording import REPETITIONS
from experiment.commands.checked import checked
from records.atomic_file import replace_file
from records.command_line import BAD_CONFIGURATION, OneLineParser
from simulator.compiled import IS_COMPILED
from simulator.errors import SimulatorError
from simulator.values import whole_from

PROGRAM = "python -m experiment.claims"
_MOST_REPETITIONS = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate, judge, write; 2 and one line where that cannot be done."""
    options = _parser().parse_args(arguments)
    begin_s = time.perf_counter()
    try:
        _refuse_no_folder(options.out)
        runs = simulated_runs(SYSTEMS, spec_of(SYSTEMS, options.repetitions))
        text = document(runs, SYSTEMS, options.repetitions)
        replace_file(options.out, text.encode())
    except (OSError, SimulatorError) as error:
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        return BAD_CONFIGURATION
    engine = "compiled" if IS_COMPILED else "plain Python; numba makes it some 20 times as fast"
    took_s = time.perf_counter() - begin_s
    sys.stdout.write(f"{options.out}: {len(runs)} runs in {took_s:.0f} s ({engine})\n")
    return 0


def _parser() -> OneLineParser:
    parser = OneLineParser(
        prog=PROGRAM,
        description="The original's grid of 200 cells on ten systems by simulation, and what it"
        " makes of the original's claims, as a document.",
    )
    parser.add_argument("--out", type=Path, default=Path("claims.md"), help="the document")
    parser.add_argument(
        "--repetitions",
        type=checked(whole_from(1, _MOST_REPETITIONS)),
        default=REPETITIONS,
        help=f"of every cell, with seeds of their own; default {REPETITIONS}",
    )
    return parser


def _refuse_no_folder(out: Path) -> None:
    """Before minutes are spent."""
    if not out.parent.is_dir():
        raise NotADirectoryError(f"--out {out}: there is no folder {out.parent}")


if __name__ == "__main__":
    sys.exit(main())
