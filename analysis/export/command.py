"""`python -m analysis export RUN --format ...`."""

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from analysis.export.formats import FORMATS
from records.reader import open_run
from records.run_folder import RunFolderError
from shapes.errors import InvalidValue


def add_parser(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "export",
        help="write a run in a format of others",
        description="Write a run as HdrHistogram percentiles (hgrm), every call as CSV (csv) or by"
        " invitro's column names (invitro), or its numbers as JSON (json).",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="a run folder, as results/RUN-ID")
    parser.add_argument("--format", required=True, choices=tuple(FORMATS), help="what to write")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="where to write; default: standard output"
    )
    parser.set_defaults(handler=export)


def export(options: argparse.Namespace) -> None:
    """Write the run, whole or, to a file, not at all.

    Raises:
        AnalysisError: when there is nothing to write, or it cannot be written.
    """
    try:
        _write(options.run, options.format, options.out)
    except (RunFolderError, InvalidValue) as error:
        raise AnalysisError(str(error)) from None
    except BrokenPipeError:  # whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(folder: Path, name: str, out: Path | None) -> None:
    run = open_run(folder)
    if out is None:
        FORMATS[name](run, sys.stdout)
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            FORMATS[name](run, file)
        part.replace(out)
    except OSError as error:
        raise AnalysisError(f"cannot write {out}: {error.strerror}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    sys.stdout.write(f"{out}\n")
