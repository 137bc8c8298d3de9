"""The entrance to all commands."""

import argparse
import subprocess
import sys
from types import ModuleType

import pytest

from experiment.__main__ import main
from experiment.command_table import NAMES, commands_for, make_parser
from experiment.errors import ExperimentError


def test_without_a_command_the_help_is_shown_and_the_exit_code_is_two(capsys):
    assert main([]) == 2
    assert "usage: python -m experiment" in capsys.readouterr().err


def test_a_wrong_command_ends_with_exit_code_two_and_names_it(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["nothing"], _parser_with(lambda _: 0))
    assert stopped.value.code == 2
    assert "nothing" in capsys.readouterr().err


def test_the_exit_code_is_the_commands_own():
    assert main(["probe"], _parser_with(lambda _: 4)) == 4


def test_an_error_of_ours_is_one_line_and_exit_code_two(capsys):
    def fail(_options: argparse.Namespace) -> int:
        raise ExperimentError("no such Service")

    assert main(["probe"], _parser_with(fail)) == 2
    assert capsys.readouterr().err == "experiment: no such Service\n"


def test_the_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert [name for name in NAMES if f"\n    {name}" not in said] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_found_by_its_name(name):
    (command,) = commands_for([name, "--anything"])
    assert command.__name__ == f"experiment.commands.{name}"


def test_a_command_does_not_wait_for_the_imports_of_others():
    asked = "import sys; from experiment.__main__ import main; main(['doctor', '--ksvc', 'a'])"
    looked = f"try: exec({asked!r})\nexcept SystemExit: pass\nprint('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{looked}"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def _parser_with(handler):
    command = ModuleType("probe")
    command.add_parser = lambda subparsers: subparsers.add_parser("probe").set_defaults(
        handler=handler
    )
    return make_parser((command,))
