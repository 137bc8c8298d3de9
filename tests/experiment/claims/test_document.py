"""The document as it is committed, and a part of it made again."""

from pathlib import Path

import pytest

from experiment.claims.__main__ import main
from experiment.claims.cells import cell_table
from experiment.claims.document import document
from experiment.claims.grid import simulated_runs, spec_of
from experiment.claims.systems import SYSTEMS
from experiment.claims.wording import COMMAND, REPETITIONS

COMMITTED = (Path(__file__).parents[3] / "docs/claims.md").read_text()
BY_NAME = {system.name: system for system in SYSTEMS}


@pytest.mark.parametrize("name", ["fixed-2", "cc1-64", "cc0-2", "wall-2"])
def test_a_cell_made_again_is_the_line_that_is_committed(name):
    systems = (BY_NAME[name],)
    spec = spec_of(systems, REPETITIONS, rates_rps=[5], spins=["100ms"])
    line = cell_table(simulated_runs(systems, spec), systems)[-1]

    assert systems[0].words in line
    assert line in COMMITTED.splitlines()


def test_it_says_first_that_it_is_simulated_and_how_it_is_made():
    assert COMMITTED.index("SIMULATED") < COMMITTED.index(COMMAND) < COMMITTED.index("| system")


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_every_system_is_in_every_table(system):
    tables = COMMITTED.count("\n| system |")
    assert COMMITTED.count(f"\n| {system.words} |") >= tables


def test_a_document_is_a_function_of_its_runs():
    systems = (BY_NAME["cc1-16"],)
    small = {"rates_rps": [5, 10], "spins": ["100ms", "200ms"], "duration": "40s", "warm_up": "10s"}
    runs = simulated_runs(systems, spec_of(systems, 2, **small))

    assert document(runs, systems, 2) == document(runs.copy(), systems, 2)
    assert "16 runs in all" in document(runs, systems, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--repetitions", "0"], "a whole number from 1 to 100"),
        (["--out", "nowhere/claims.md"], "there is no folder nowhere"),
        (["--sum"], "unrecognized arguments"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(arguments, said, capsys):
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    printed = capsys.readouterr().err

    assert code == 2
    assert said in printed
    assert len(printed.splitlines()) == 1
