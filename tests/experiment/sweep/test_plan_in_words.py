from experiment.sweep.plan_in_words import plan_in_words
from experiment.sweep.spec import read_spec, spec_from
from experiment.sweep.sweep_folder import planned


def words(spec, ground="local"):
    return list(plan_in_words(planned(spec, ground, "s", 7, 1.0), "this machine"))


def with_changes(name, **changes):
    return spec_from({**read_spec(name).as_mapping(), **changes}, name)


def test_the_seeds_plan_says_200_cells_and_40_hours():
    lines = words(with_changes("seed", cores=2, overload="run"))
    assert lines[:3] == [
        "on this machine",
        "200 cells x 1 arm x 1 repetition = 200 runs",
        "40h of load",
    ]


def test_overloads_are_counted_and_what_is_done_with_them_shortens_the_plan():
    lines = words(with_changes("seed", cores=2))
    overloads = sum(rate * spin >= 20 for rate in range(5, 55, 5) for spin in range(1, 11)) * 2
    assert lines[2].endswith("of load (40h if overloads were run whole)")
    assert lines[4] == f"{overloads} of the settings are overloads (rho 1 or more): probed"
    assert sum(line.endswith("probe") for line in lines) == overloads


def test_where_the_cores_are_not_known_so_are_no_overloads():
    assert any("`cores` says how many" in line for line in words(read_spec("seed"), "simulated"))


def test_every_run_is_shown_in_its_order_under_its_block():
    plan = planned(read_spec("quick"), "simulated", "s", 7, 1.0)
    lines = list(plan_in_words(plan, "a model"))
    shown = [line.split()[1] for line in lines if line.startswith("   ")]
    assert shown == [run.run_id for run in plan.runs]
    assert [line for line in lines if line.startswith("block")] == [
        f"block {n}:" for n in range(1, 6)
    ]
