"""`run`: simulate a run, leave its folder, and have it judged as any other."""

import argparse
import secrets
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path
from typing import Any

from records.run_folder import new_run_folder, new_run_id
from shapes.laws import TRACE
from shapes.plan import Plan
from simulator.asked import read_asked
from simulator.command_line import add_options, values_of
from simulator.commands.options import GROUPS
from simulator.errors import InvalidSetting
from simulator.folder import write_folder
from simulator.system.simulate import simulate

_SEED_BITS = 32
_VERDICT = (sys.executable, "-m", "verdict")


def add_parser(subparsers: Any) -> None:
    """The command's options."""
    parser = subparsers.add_parser(
        "run",
        help="simulate a run and write its folder",
        description="Simulate load on a Knative Service. The run folder is that of a real run,"
        " marked as simulated; its first screen is printed as the verdict sees it.",
    )
    for title, options in GROUPS.items():
        add_options(parser, title, options)
    parser.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Simulate, write, judge; the exit code is the verdict's."""
    started_unix_s = time.time()
    values = values_of(options, chain.from_iterable(GROUPS.values()))
    _refuse_bad_checks(values.check)
    run_id = values.run_id or _new_run_id(values, started_unix_s)
    asked = read_asked(values, run_id, secrets.randbits(_SEED_BITS))
    _say_left_out(asked.plan)
    folder = new_run_folder(Path(values.records), run_id)
    given = {key: value for key, value in vars(options).items() if key != "handler"}
    write_folder(folder, asked, simulate(asked.inputs(), asked.system), given, started_unix_s)
    return _judge(folder, values.check)


def _new_run_id(values: argparse.Namespace, started_unix_s: float) -> str:
    law = values.distribution.text if values.distribution else "uniform"
    if (values.rate_profile or "").startswith(TRACE):
        law = TRACE
    rate = f"{values.rps:g}rps" if values.rps is not None else ""
    return new_run_id(started_unix_s, f"simulated-{law}-{rate}", secrets.token_hex(2))


def _say_left_out(plan: Plan) -> None:
    """Rows of a trace's file that make no sense."""
    if plan.trace is not None:
        for said in plan.trace.source.left_out:
            sys.stderr.write(f"trace {plan.trace.source.file}: {said}\n")


def _judge(folder: Path, checks: list[str]) -> int:
    """The verdict is a program of its own: what is simulated is judged from its files alone."""
    asked = [*_VERDICT, str(folder), "--save", *_given(checks)]
    return subprocess.run(asked, check=False).returncode


def _refuse_bad_checks(checks: list[str]) -> None:
    """Have the verdict read the checks before anything is simulated."""
    if not checks:
        return
    # It reads its options in their order: its help comes only after checks that are valid.
    asked = [*_VERDICT, *_given(checks), "--help"]
    said = subprocess.run(asked, check=False, capture_output=True, text=True)
    if said.returncode:
        raise InvalidSetting(said.stderr.strip().splitlines()[-1].partition("argument ")[2])


def _given(checks: list[str]) -> list[str]:
    return [part for check in checks for part in ("--check", check)]
