import pytest

from openloop.config import fill_locust_options, read_config
from shapes.errors import InvalidValue
from tests.openloop.fakes import options


def test_nothing_given_means_ten_equidistant_requests_per_second():
    config = read_config(options())
    assert (config.rate_rps, config.law.text, config.duration_s) == (10.0, "uniform", None)


def test_users_are_the_rate_where_no_rate_is_given():
    assert read_config(options(num_users=50)).rate_rps == 50.0


def test_a_user_may_stand_for_another_rate_than_one():
    config = read_config(options(rps="0.5", rps_per_user="0.1"))
    assert (config.rate_rps, config.users) == (0.5, 5)


def test_a_rate_starts_at_once_unless_a_spawn_rate_is_given():
    assert read_config(options(rps="50")).ramp_rps_per_s is None
    assert read_config(options(rps="50", spawn_rate=5.0)).ramp_rps_per_s == 5.0


def test_users_alone_climb_one_a_second_as_in_locust():
    assert read_config(options(num_users=50)).ramp_rps_per_s == 1.0


def test_the_shapes_law_is_taken_where_no_distribution_is_given():
    assert read_config(options(), "poisson").law.text == "poisson"


def test_the_peak_of_a_rate_profile_is_the_number_of_users():
    config = read_config(options(rate_profile="ramp:0,40,60s"))
    assert (config.rate_rps, config.users) == (40.0, 40)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"rps": "10", "num_users": 20}, id="rate-and-users"),
        pytest.param({"duration": "10s", "run_time": 20}, id="duration-and-run-time"),
        pytest.param({"rate_profile": "ramp:0,40,60s", "rps": "10"}, id="rate-and-profile"),
        pytest.param({"rate_profile": "ramp:0,40,60s", "num_users": 10}, id="users-and-profile"),
        pytest.param({"duration": "10s", "warm_up": "10s"}, id="nothing-left-after-warm-up"),
        pytest.param({"num_users": 0}, id="no-users"),
        pytest.param({"num_users": -3}, id="fewer-than-no-users"),
        pytest.param({"rps": "10", "spawn_rate": float("nan")}, id="spawn-rate-not-a-number"),
        pytest.param({"rps": "10", "spawn_rate": 0.0}, id="spawn-rate-zero"),
    ],
)
def test_options_that_contradict_each_other_are_refused_in_one_line(given):
    with pytest.raises(InvalidValue) as refused:
        read_config(options(**given))
    assert "\n" not in str(refused.value)
    assert "valid" in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"rps": "10", "num_users": 10}, id="rate-and-users"),
        pytest.param({"duration": "10s", "run_time": 10}, id="duration-and-run-time"),
        pytest.param({"rate_profile": "ramp:0,40,60s", "rps": "40"}, id="rate-and-peak"),
    ],
)
def test_saying_the_same_twice_is_fine(given):
    read_config(options(**given))


@pytest.mark.parametrize("rps", ["0.1", "7", "10.5", "1500"])
def test_filling_locusts_options_changes_nothing_of_what_was_asked(rps):
    given = options(rps=rps, duration="12.5s")
    before = read_config(given)
    fill_locust_options(given, before)
    assert read_config(given).rate_rps == before.rate_rps == float(rps)
    assert read_config(given).duration_s == 12.5


def test_calls_are_drained_for_as_long_as_their_deadline_unless_told_otherwise():
    assert read_config(options(grpc_timeout="7s")).drain_timeout_s == 7.0
    assert read_config(options(grpc_timeout="7s", stop_timeout=5)).drain_timeout_s == 5.0
    assert read_config(options(grpc_timeout="7s", drain_timeout="2s")).drain_timeout_s == 2.0


@pytest.mark.parametrize("profile", ["ramp:0,50,60s", "step:0.2@0s,9@1m"])
def test_a_profile_that_its_run_cuts_short_agrees_with_the_users_filled_in_for_it(profile):
    given = options(rate_profile=profile, duration="12s")
    config = read_config(given)
    fill_locust_options(given, config)
    assert read_config(given) == config
