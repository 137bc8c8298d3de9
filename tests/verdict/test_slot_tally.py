from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapes.plan import MemberChange
from tests.slot_rows import MEMBER, WARM_UP_S, many_rows, nearly, sent_slots_of, slots_of
from tests.verdict.simulated import make_plan
from verdict.histogram import Histogram
from verdict.instances import Instances
from verdict.member_summary import MemberSummary

LAWS = ("poisson", "uniform", "bursty:3")


def plan_of(law, members=(MEMBER,)):
    return make_plan(law, 40.0, 800.0, 1, members, warm_up_s=WARM_UP_S)


def summary_of(law, members=(MEMBER,)):
    return MemberSummary(plan_of(law, members), MEMBER)


def one_by_one(records, law, cuts=()):
    summary = summary_of(law)
    for place, record in enumerate(records):
        if place in cuts:
            summary.follow(plan_of(law))  # counts what it has buffered: bins are closed by then
        if record.sent_s is not None:
            summary.add_sent(record.k, record.intended_s, record.sent_s)
        summary.add(record)
    return summary.to_dict()


def at_once(records, law, cuts=()):
    summary = summary_of(law)
    edges = [0, *sorted(cuts), len(records)]
    slots, texts = slots_of(records)
    for first, end in pairwise(edges):
        summary.add_sends(sent_slots_of(records[first:end]))
        summary.add_many(slots[first:end], texts)
    return summary.to_dict()


@settings(max_examples=200, deadline=None)
@given(many_rows(), st.sampled_from(LAWS), st.lists(st.integers(0, 40), max_size=3))
def test_many_at_once_are_summed_as_one_by_one(records, law, cuts):
    cuts = [cut for cut in cuts if cut <= len(records)]
    assert at_once(records, law, cuts=cuts) == nearly(one_by_one(records, law, cuts))


@pytest.mark.parametrize("law", LAWS)
def test_sends_of_one_member_of_several_are_summed_as_one_by_one(law):
    members = (MEMBER, "another")
    assert MemberChange(0.0, members) in plan_of(law, members).members
    chance = np.random.default_rng(3)
    k = np.flatnonzero(chance.random(2000) < 0.5)
    sent = np.zeros(len(k), sent_slots_of([]).dtype)
    sent["k"], sent["intended_s"] = k, k / 40
    sent["sent_s"] = sent["intended_s"] + chance.exponential(0.001, len(k))
    single, batch = summary_of(law, members), summary_of(law, members)
    for slot in sent:
        single.add_sent(int(slot["k"]), float(slot["intended_s"]), float(slot["sent_s"]))
    batch.add_sends(sent)
    assert batch.to_dict() == nearly(single.to_dict())


@given(st.lists(st.floats(0.0, 4000.0) | st.floats(-1.0, 0.003)))
def test_a_histogram_of_many_is_that_of_each(seconds):
    single, batch = Histogram(), Histogram()
    for one in seconds:
        single.add(one)
    batch.add_many(np.array(seconds, dtype=np.float64))
    assert batch.to_dict() == nearly(single.to_dict())


def test_instances_beyond_the_thousandth_are_one_in_a_batch_too():
    names = [f"i{number}" for number in range(1500)]
    single, batch = Instances(), Instances()
    numbers = np.random.default_rng(1).permutation(1500).astype(np.int32)
    for number in numbers.tolist():
        single.add(names[number], number / 10)
    batch.add_many(names, numbers, numbers / 10)
    assert batch.to_dict() == single.to_dict()
