import pytest
from werkzeug.datastructures import MultiDict

from openloop.options import OPTIONS
from openloop.web_form import check_values, refuse_changes_while_running, settle_rate, with_form
from shapes.errors import InvalidValue
from tests.openloop.fakes import options

ROWS = {row.dest: row for row in OPTIONS}


def settled(given, last_form=None, **form):
    values = MultiDict(form)
    settle_rate(values, given, last_form or {})
    return values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rps", "ten"),
        ("rps", "0"),
        ("rps", "-1"),
        ("rps", "nan"),
        ("rps", "1e12"),
        ("duration", "soon"),
        ("distribution", "posson"),
        ("rate_profile", "ramp:5"),
        ("seed", "x"),
        ("check", "p99"),
    ],
)
def test_a_bad_value_is_refused_with_the_option_and_what_is_valid(name, value):
    with pytest.raises(InvalidValue) as refused:
        check_values({name: value}, ROWS)
    assert str(refused.value).startswith(ROWS[name].flag)
    assert "\n" not in str(refused.value)


def test_fields_left_empty_are_not_given():
    check_values({"rps": "", "distribution": ""}, ROWS)


def test_the_rate_field_fills_the_number_of_users():
    form = settled(
        options(num_users=10, spawn_rate=10.0), rps="20", user_count="10", spawn_rate="10"
    )
    assert (form["user_count"], form["spawn_rate"]) == ("20", "20")


def test_a_changed_number_of_users_rules_over_the_rate_that_was_there_before():
    form = settled(options(rps="10", num_users=10), rps="10", user_count="30", spawn_rate="5")
    assert (form["rps"], form["user_count"]) == ("", "30")


def test_a_rate_and_users_changed_apart_are_refused():
    with pytest.raises(InvalidValue, match="disagree"):
        settled(options(num_users=10), rps="20", user_count="30", spawn_rate="10")


def test_a_page_that_still_shows_its_own_last_words_has_not_changed_them():
    """It goes on showing 10 users after the rate field made them 20."""
    page = {"rps": "20", "user_count": "10", "spawn_rate": "10"}
    now = options(rps="20", num_users=20, spawn_rate=20.0)
    assert settled(now, page, **page)["user_count"] == "20"
    more = settled(now, page, **{**page, "rps": "40"})
    assert (more["user_count"], more["spawn_rate"]) == ("40", "40")


def test_users_can_be_changed_twice_from_a_page_that_shows_an_old_rate():
    page = {"rps": "20", "user_count": "30", "spawn_rate": "10"}
    now = options(num_users=30, spawn_rate=10.0)
    assert settled(now, page, **{**page, "user_count": "40"})["user_count"] == "40"
    assert settled(now, page, **page)["user_count"] == "30"


def test_a_repeatable_option_takes_several_values_between_commas():
    after = with_form(options(), {"check": "p99<1s, success>=0.9"}, ROWS)
    assert after.check == ["p99<1s", "success>=0.9"]
    with pytest.raises(InvalidValue, match="p98"):
        check_values({"check": "p99<1s,p98"}, ROWS)


def test_an_empty_field_of_a_repeatable_option_is_an_empty_list():
    assert with_form(options(check=["p99<1s"]), {"check": ""}, ROWS).check == []


def test_while_a_run_is_under_way_only_the_rate_can_change():
    given = options(distribution="poisson", rps="10")
    refuse_changes_while_running({"distribution": "poisson", "rps": "20"}, given, ROWS)
    with pytest.raises(InvalidValue, match="--distribution cannot change"):
        refuse_changes_while_running({"distribution": "uniform"}, given, ROWS)


def test_the_form_is_read_as_locust_will_take_it_over():
    form = {"user_count": "7", "spawn_rate": "2", "run_time": "1m", "distribution": "poisson"}
    after = with_form(options(), form, ROWS)
    assert (after.num_users, after.spawn_rate, after.run_time) == (7, 2.0, 60)
    assert after.distribution == "poisson"


@pytest.mark.parametrize(
    "form", [{"user_count": "many"}, {"spawn_rate": "fast"}, {"run_time": "soon"}]
)
def test_what_is_no_number_in_locusts_own_fields_is_refused(form):
    with pytest.raises(InvalidValue):
        with_form(options(), form, ROWS)
