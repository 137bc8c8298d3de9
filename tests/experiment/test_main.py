"""The entrance to all commands."""

import argparse
from types import ModuleType

import pytest

from experiment.__main__ import main
from experiment.command_table import make_parser
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


def _parser_with(handler):
    command = ModuleType("probe")
    command.add_parser = lambda subparsers: subparsers.add_parser("probe").set_defaults(
        handler=handler
    )
    return make_parser((command,))
