import pytest

from analysis.sweep.standing import class_of_cell, class_of_run


def finding(reason, level):
    return {"reason": reason, "level": level}


@pytest.mark.parametrize("overload", ["stable", "marginal", "overload", "censored", "not judged"])
def test_a_run_without_findings_has_the_class_of_its_target(overload):
    assert class_of_run("VALID", overload, []) == overload


@pytest.mark.parametrize("level", ["SUSPECT", "INVALID"])
def test_a_late_generator_is_the_limit_whatever_the_level(level):
    assert class_of_run(level, "stable", [finding("lag", level)]) == "generator-limited"


def test_overload_stays_overload_where_the_generator_is_only_suspected():
    assert class_of_run("SUSPECT", "overload", [finding("lag", "SUSPECT")]) == "overload"


def test_an_invalid_run_says_nothing_of_its_target():
    faults = [finding("lag", "INVALID"), finding("counts-disagree", "INVALID")]
    assert class_of_run("INVALID", "overload", faults) == "invalid"


def test_a_run_that_was_not_steady_is_marginal():
    assert class_of_run("SUSPECT", "stable", [finding("not-steady", "SUSPECT")]) == "marginal"


def test_a_suspicion_that_is_not_about_the_generator_changes_no_class():
    assert class_of_run("SUSPECT", "stable", [finding("one-instance", "SUSPECT")]) == "stable"


@pytest.mark.parametrize(
    ("classes", "usable", "expected"),
    [
        (["stable", "stable"], [True, True], "stable"),
        (["stable", "overload"], [True, True], "overload"),
        (["stable", "marginal"], [True, True], "marginal"),
        (["stable", "invalid"], [True, False], "stable"),
        (["missing", "missing", "invalid"], [False] * 3, "missing"),
    ],
)
def test_a_cell_is_as_bad_as_the_worst_of_its_usable_runs(classes, usable, expected):
    assert class_of_cell(classes, usable) == expected
