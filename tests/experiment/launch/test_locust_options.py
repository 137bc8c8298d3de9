"""Locust's options as a run from here has them."""

import pytest

from experiment.knative.ways import Way
from experiment.launch.locust_options import (
    BadOptions,
    LocustOptions,
    checked,
    read_locust_options,
)


def options(**values):
    return LocustOptions(values, ())


def test_they_are_read_as_locust_reads_them(monkeypatch):
    monkeypatch.setenv("LOCUST_SPIN", "20ms")
    read = read_locust_options(["--rps", "4", "--check", "p99<1s"])
    assert (read.text("rps"), read.spin_s, read.values["check"]) == ("4", 0.02, ["p99<1s"])
    assert read.way is None


def test_what_locust_refuses_is_said_in_its_own_words_on_one_line():
    with pytest.raises(BadOptions, match="argument --rps: rate is 'ten'") as refused:
        read_locust_options(["--rps", "ten"])
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["master", "worker"])
def test_what_the_run_starts_by_itself_cannot_be_asked_for(name):
    with pytest.raises(BadOptions, match=f"--{name} is not for `run`"):
        checked(options(**{name: True}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"data": "@nowhere.jsonl"}, "no such file"),
        ({"host": "http://x"}, "is not a target"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(values, said):
    with pytest.raises(BadOptions, match=said):
        checked(options(**values))


def test_a_call_is_asked_as_the_run_makes_it():
    asked = options(
        call="shop.Quote/Get", data="{}", metadata="a=b", grpc_timeout="5s", spin="1s"
    ).question()
    assert (asked.path, asked.data, asked.metadata, asked.timeout_s) == (
        "/shop.Quote/Get",
        "{}",
        (("a", "b"),),
        5.0,
    )
    assert options(call="shop.Quote/Get", spin="1s").spin_s == 0.0


def test_a_host_that_is_given_is_the_way():
    assert options(host="x:80", authority="shop").way == Way("x:80", "shop")
