"""`python -m analysis`, `report RUN...`, `compare A B`, `export RUN`: what records of runs mean."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.compare.command import add_parser as add_compare
from analysis.dataset import read_run
from analysis.errors import AnalysisError
from analysis.export.command import add_parser as add_export
from analysis.modelled import with_model
from analysis.report.build import write_report
from analysis.report.build_several import write_comparison
from analysis.report.places import comparison_folder, without_reports
from analysis.report.run_rows import compared
from analysis.sweep.build import write_sweep_report
from records.command_line import OneLineParser
from records.sweeps.sweep_file import is_sweep
from verdict.exit_codes import BAD_CONFIGURATION, OK


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 2 and one line when there is nothing to report."""
    options = _parser().parse_args(arguments)
    try:
        return options.handler(options) or OK
    except AnalysisError as error:
        print(f"analysis: {error}", file=sys.stderr)
        return BAD_CONFIGURATION


def report(options: argparse.Namespace) -> None:
    """Write a report and print where it is."""
    print(_report(without_reports(options.run), options.out, options.model))


def _report(paths: Sequence[Path], out: Path | None, model: Path | None) -> Path:
    sweeps = [path for path in paths if is_sweep(path)]
    if sweeps:
        return _sweep_report(sweeps[0], paths, out, model)
    if len(paths) == 1:
        run = with_model(read_run(paths[0]), model)
        return write_report(run, out or run.folder / "report")
    if model is not None:
        raise AnalysisError(
            f"--model {model} is for the report of one run; valid for {len(paths)}: none, each has"
            " its own in RUN/model"
        )
    runs = [compared(path) for path in paths]
    return write_comparison(runs, out or comparison_folder(paths))


def _sweep_report(sweep: Path, paths: Sequence[Path], out: Path | None, model: Path | None) -> Path:
    if len(paths) > 1 or model is not None:
        given = f"--model {model}" if model is not None else f"{len(paths) - 1} more"
        raise AnalysisError(f"{sweep} is a sweep, given with {given}; valid: a sweep by itself")
    return write_sweep_report(sweep, out)


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m analysis", description="What the records of runs mean.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_report(commands)
    add_compare(commands)
    add_export(commands)
    return parser


def _add_report(commands: Any) -> None:
    parser = commands.add_parser(
        "report",
        help="write a report as one HTML file, its figures and tables beside it",
        description="Write a report: one HTML file that needs nothing else, and every figure as"
        " PNG, SVG and CSV beside it. Exit code 2 when there is nothing to report.",
    )
    parser.set_defaults(handler=report)
    parser.add_argument(
        "run",
        type=Path,
        nargs="+",
        metavar="RUN",
        help="a run folder, as results/RUN-ID, or the folder of a sweep",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where to write; default: RUN/report, for several runs report-... beside the first",
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FOLDER",
        help="a simulated run of the same load to draw beside; default: RUN/model, where it is",
    )


if __name__ == "__main__":
    sys.exit(main())
