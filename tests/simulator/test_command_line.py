"""Options of the simulator's table as a command line takes them."""

import argparse

import pytest

from simulator.command_line import add_options, values_of
from simulator.commands.options import LOAD, SERVICE


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        (("--service-time", "180ms"), "spin", 0.18),
        (("--spin", "180ms"), "spin", 0.18),
        (("--cc", "1"), "container_concurrency", 1),
        (("--container-concurrency", "1"), "container_concurrency", 1),
    ],
)
def test_an_alias_means_what_the_option_does(typed, name, value):
    assert getattr(parsed(*typed), name) == value


def test_the_law_is_another_word_for_the_distribution():
    assert parsed("--law", "poisson").distribution.text == "poisson"


def parsed(*arguments):
    parser = argparse.ArgumentParser()
    table = (*LOAD, *SERVICE)
    add_options(parser, "all", table)
    return values_of(parser.parse_args(arguments), table)
