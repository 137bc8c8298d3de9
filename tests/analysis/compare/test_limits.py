from pathlib import Path

import pytest

from analysis.compare.effects import CellEffect
from analysis.compare.limits import (
    EXIT_CODES,
    FAIL,
    INCONCLUSIVE,
    PASS,
    exit_code,
    judge,
    parse_limit,
)
from analysis.compare.quantities import BY_NAME
from analysis.statistics.effect import Difference, Ratio
from analysis.statistics.pairs import no_ratio
from shapes.errors import InvalidValue
from verdict.exit_codes import COMPARISON_MEANING, PRECEDENCE


def ratio(low, high):
    return Ratio((low * high) ** 0.5, low, high, 0.5, 5, 0.9, freedom=4)


def difference(low, high):
    return Difference((low + high) / 2, low, high, 0.5, 5, 0.9, freedom=4)


def judged(text, *effects):
    limit = parse_limit(text)
    found = [CellEffect(f"cell {n}", limit.quantity, e, True, 1, 1) for n, e in enumerate(effects)]
    return judge(limit, found)


@pytest.mark.parametrize(
    ("text", "effect", "outcome"),
    [
        ("p99_ratio>1.1", ratio(1.11, 1.3), FAIL),
        ("p99_ratio>1.1", ratio(0.9, 1.09), PASS),
        ("p99_ratio>1.1", ratio(1.05, 1.2), INCONCLUSIVE),
        ("p99_ratio<0.9", ratio(0.5, 0.89), FAIL),
        ("p99_ratio<0.9", ratio(0.91, 2.0), PASS),
        ("p99_ratio<0.9", ratio(0.8, 1.0), INCONCLUSIVE),
        ("success_diff<-1%", difference(-0.05, -0.011), FAIL),
        ("success_diff < -0.01", difference(-0.009, 0.01), PASS),
        ("success_diff<-1%", difference(-0.02, 0.01), INCONCLUSIVE),
        ("p99_ratio>1.1", no_ratio("fewer than 5 pairs", 4), INCONCLUSIVE),
    ],
)
def test_the_interval_decides(text, effect, outcome):
    assert judged(text, effect).outcome == outcome


def test_one_cell_beyond_is_enough_to_fail():
    assert judged("p99_ratio>1.1", ratio(1.5, 1.6), ratio(0.9, 1.0)).outcome == FAIL


def test_to_pass_every_cell_must():
    assert judged("p99_ratio>1.1", ratio(0.9, 1.0), ratio(0.9, 1.2)).outcome == INCONCLUSIVE


def test_a_cell_that_is_just_beyond_among_many_is_no_proof():
    just = ratio(1.101, 1.3)
    assert judged("p99_ratio>1.1", just).outcome == FAIL
    assert judged("p99_ratio>1.1", just, *[ratio(0.9, 1.05)] * 9).outcome == INCONCLUSIVE


def test_without_an_interval_the_reason_is_told():
    assert "fewer than 5 pairs" in judged("p99_ratio>1", no_ratio("fewer than 5 pairs", 4)).said


def test_what_is_not_known_in_both_is_inconclusive():
    assert judged("pods_ratio>1").outcome == INCONCLUSIVE


def test_each_outcome_has_an_exit_code_of_its_own_and_the_gravest_wins():
    outcomes = {
        FAIL: judged("p99_ratio>1.1", ratio(1.5, 1.6)),
        INCONCLUSIVE: judged("p99_ratio>1.1", ratio(1.0, 1.6)),
        PASS: judged("p99_ratio>1.1", ratio(1.0, 1.05)),
    }
    codes = {name: exit_code([one]) for name, one in outcomes.items()}
    assert codes == {FAIL: 6, INCONCLUSIVE: 7, PASS: 0}
    assert exit_code(list(outcomes.values())) == 6
    assert exit_code([outcomes[PASS], outcomes[INCONCLUSIVE]]) == 7
    assert exit_code([]) == 0


@pytest.mark.parametrize("name", BY_NAME)
def test_every_quantity_can_be_limited(name):
    assert parse_limit(f"{name}>1.5").value == 1.5


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("p99_ratio", "QUANTITY>NUMBER"),
        ("p99_ratio=1", "QUANTITY>NUMBER"),
        ("p99_ration>1", "valid: p99_ratio"),
        ("p99_ratio>x", "a number above 0"),
        ("p99_ratio>-1", "a number above 0"),
        ("mean_ratio>nan", "a number above 0"),
        ("success_diff<inf", "a number"),
    ],
)
def test_a_bad_limit_is_told_with_what_is_valid(text, valid):
    with pytest.raises(InvalidValue, match="valid") as error:
        parse_limit(text)
    assert valid in str(error.value)


def test_the_codes_of_a_comparison_are_no_codes_of_a_run():
    assert not {6, 7} & set(PRECEDENCE)
    assert set(COMPARISON_MEANING) == {0, 2, *EXIT_CODES.values()}


@pytest.mark.parametrize("outcome", EXIT_CODES)
def test_the_page_of_the_method_names_each_outcome_with_its_code(outcome):
    lines = Path("docs/method.md").read_text(encoding="utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| {outcome} |")]
    assert row.endswith(f"| {EXIT_CODES[outcome]} |")
    assert COMPARISON_MEANING[EXIT_CODES[outcome]].startswith(f"{outcome}: ")
