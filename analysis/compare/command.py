"""`python -m analysis compare A B`."""

import argparse
import os
from pathlib import Path
from typing import Any

from analysis.compare.build import page_folder, write_page
from analysis.compare.comparison import compare
from analysis.compare.limits import Limit, exit_code, parse_limit
from analysis.compare.outputs import append_step_summary, write_junit
from analysis.compare.screen import render
from shapes.errors import InvalidValue

STEP_SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


def add_parser(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser(
        "compare",
        help="say how B differs from A, with intervals, and whether it is beyond a limit",
        description="Compare two runs, two sweeps, or two arms of a sweep (SWEEP:ARM) that had the"
        " same arrivals. Exit code 0: within all limits, or none given; 6: beyond one (FAIL);"
        " 7: INCONCLUSIVE; 2: not comparable, or bad input.",
    )
    parser.add_argument("a", metavar="A", help="a run, a sweep or SWEEP:ARM: what is there")
    parser.add_argument("b", metavar="B", help="the same: what is new")
    parser.add_argument(
        "--fail-if",
        type=_limit,
        action="append",
        default=[],
        metavar="LIMIT",
        help="as p99_ratio>1.1, success_diff<-0.1%%; repeatable",
    )
    parser.add_argument(
        "--across-model",
        action="store_true",
        help="let what is simulated stand against what was measured",
    )
    _add_outputs(parser)
    parser.set_defaults(handler=handle)


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where to write the page; default: report-comparison-... beside B",
    )
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the limits as JUnit XML")
    parser.add_argument(
        "--step-summary",
        type=Path,
        metavar="FILE",
        default=os.environ.get(STEP_SUMMARY_VARIABLE) or None,
        help=f"append the first screen as Markdown; default: what {STEP_SUMMARY_VARIABLE} names",
    )


def _limit(text: str) -> Limit:
    try:
        return parse_limit(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def handle(options: argparse.Namespace) -> int:
    """Compare, print the first screen, write what was asked for; the exit code is the limits'.

    Raises:
        AnalysisError: when nothing may be compared, or it cannot be written.
    """
    comparison = compare(options.a, options.b, options.fail_if, across_model=options.across_model)
    page = write_page(comparison, options.out or page_folder(comparison))
    if options.junit:
        write_junit(options.junit, comparison)
    if options.step_summary:
        append_step_summary(Path(options.step_summary), comparison)
    print(render(comparison))  # noqa: T201 - a command line
    print(f"{'page':<12}{page}")  # noqa: T201
    return exit_code(comparison.judged)
