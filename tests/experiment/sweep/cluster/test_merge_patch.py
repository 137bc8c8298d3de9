"""Merge patches, held against the pseudocode of RFC 7386."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiment.sweep.cluster.merge_patch import applied, changes, lost_of, patch_between

LEAVES = st.one_of(st.integers(0, 3), st.sampled_from(["a", "b"]), st.booleans())
NAMES = st.sampled_from(["x", "y", "z"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
THINGS = st.dictionaries(NAMES, VALUES, max_size=3)


def as_the_rfc_has_it(target, patch):
    """Section 2 of RFC 7386, word for word."""
    if isinstance(patch, dict):
        if not isinstance(target, dict):
            target = {}
        for name, value in patch.items():
            if value is None:
                if name in target:
                    del target[name]
            else:
                target[name] = as_the_rfc_has_it(target.get(name), value)
        return target
    return patch


@given(THINGS, THINGS)
def test_a_patch_makes_the_one_thing_of_the_other(before, after):
    patch = patch_between(before, after)
    assert as_the_rfc_has_it(copy.deepcopy(before), patch) == after
    assert applied(before, patch) == after


@given(THINGS, THINGS)
def test_the_patch_back_undoes_it(before, after):
    there = applied(before, patch_between(before, after))
    assert applied(there, patch_between(there, before)) == before


@given(THINGS, THINGS)
def test_there_is_a_patch_exactly_where_there_is_a_change(before, after):
    assert (patch_between(before, after) == {}) == (before == after)
    assert (list(changes(before, after, "spec")) == []) == (before == after)


@given(THINGS)
def test_applying_changes_nothing_that_was_given(thing):
    kept = copy.deepcopy(thing)
    applied(thing, {"x": None, "y": {"z": 1}})
    assert thing == kept


@given(THINGS, THINGS)
def test_nothing_is_lost_of_what_a_patch_brought_unless_the_patch_took_it(before, beside):
    assert list(lost_of(before, {**beside, **before}, "spec")) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 2}, ["spec.a: 1 -> 2"]),
        ({"a": 1}, {}, ["spec.a: 1 -> nothing"]),
        ({}, {"a": {"b.c/d": "1"}}, ["spec.a: nothing -> {'b.c/d': '1'}"]),
        ({"a": {"b/c": "1"}}, {"a": {"b/c": "2"}}, ["spec.a[b/c]: '1' -> '2'"]),
        ({"a": [{"b": 1}, 2]}, {"a": [{"b": 3}, 2]}, ["spec.a[0].b: 1 -> 3"]),
        ({"a": [1]}, {"a": [1, 2]}, ["spec.a: [1] -> [1, 2]"]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, []),
    ],
)
def test_a_change_is_told_by_its_place_and_both_values(before, after, told):
    assert list(changes(before, after, "spec")) == told


@pytest.mark.parametrize(
    ("wanted", "found", "is_lost"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1}, {"a": 2}, True),
        ({"a": 1}, {}, True),
        ({"a": {}}, {}, False),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}]}, False),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 1}]}, True),
    ],
)
def test_what_is_there_beside_is_no_loss(wanted, found, is_lost):
    assert bool(list(lost_of(wanted, found, "spec"))) == is_lost
