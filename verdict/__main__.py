"""`python -m verdict RUN`: judge a run folder again, from its files alone."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from records.reader import Run, open_run
from records.run_folder import SUMMARY_NAME, RunFolderError
from records.summary_file import write_summary
from shapes.errors import InvalidValue
from verdict.checks import Check, parse_check
from verdict.conclude import Conclusion, conclude_from_files
from verdict.exit_codes import BAD_CONFIGURATION, OK, RECORDS_NOT_WRITTEN
from verdict.first_screen import render
from verdict.stored_run import open_stored_run


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the first screen; the exit code is that of the verdict and the checks."""
    options = _parser().parse_args(arguments)
    try:
        stored = open_stored_run(options.run)
    except (OSError, RunFolderError, ValueError) as error:
        print(f"verdict: {error}", file=sys.stderr)
        return BAD_CONFIGURATION
    conclusion = conclude_from_files(stored.plan, stored.context, options.check, stored.files)
    print(render(conclusion.summary))
    saved = _save(stored.files.run, conclusion) if options.save else OK
    for sentence in open_run(options.run).missing:
        print(f"  missing    {sentence}")
    return saved or conclusion.exit_code


def _save(run: Run, conclusion: Conclusion) -> int:
    """Write the summary of a run that has none; 5 when that is not possible."""
    if (run.folder / SUMMARY_NAME).exists():
        return OK
    try:
        write_summary(run.folder, conclusion.summary)
    except OSError as error:
        print(f"verdict: summary.json cannot be written: {error}", file=sys.stderr)
        return RECORDS_NOT_WRITTEN
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m verdict",
        description="Judge a run folder from its files: the first screen and the exit code"
        " (0 usable, 2 no run folder, 3 INVALID, 4 a check missed, 5 records not written).",
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="a run folder, as results/RUN-ID")
    parser.add_argument(
        "--save",
        action="store_true",
        help="write summary.json, where the run has none: it was killed, or simulated",
    )
    parser.add_argument(
        "--check",
        type=_check,
        action="append",
        default=[],
        metavar="EXPRESSION",
        help="as p99<800ms, success>=99.9%%, slowdown_p99<=2; repeatable",
    )
    return parser


def _check(text: str) -> Check:
    try:
        return parse_check(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
