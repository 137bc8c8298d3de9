import pytest

from records.run_folder import check_name
from records.sweeps.planned import Cell
from tests.records.sweeps.made import made_sweep


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (Cell(20.0, "poisson", 0.1), "poisson-20rps-100ms"),
        (Cell(0.5, "uniform", 1.0), "uniform-0.5rps-1000ms"),
        (Cell(1e6, "bursty:3.5", 0.0005), "bursty-3.5-1000000rps-0.5ms"),
    ],
)
def test_a_cell_is_named_by_its_load_in_a_way_that_a_folder_may_have(cell, name):
    assert cell.cell_id == name == check_name(name)


def test_cells_that_differ_in_the_sixth_digit_have_names_of_their_own():
    assert Cell(1.234567, "uniform", 0.1).cell_id != Cell(1.234568, "uniform", 0.1).cell_id


def test_an_arm_and_a_run_are_found_by_name_and_unknown_ones_are_key_errors():
    sweep = made_sweep()
    assert sweep.arm("one").settings["containerConcurrency"] == 1
    assert sweep.run("poisson-20rps-100ms-as-is-r2").repetition == 2
    with pytest.raises(KeyError):
        sweep.run("other")
