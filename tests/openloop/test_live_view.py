import json

import pytest

from openloop.live_view import COLUMNS, NEVER, Known, members, page_data, state, verdict
from openloop.web_tabs import extended_stats, member_rows, verdict_rows
from tests.openloop.live_fakes import EPOCH_S, active_run, board, member_state, second


def rows_of(data):
    return [dict(zip(COLUMNS, row, strict=True)) for row in data["rows"]]


def two_members(**said):
    return [
        member_state("w0", [second(at, ok=6) for at in range(4)], **said),
        member_state("w1", [second(at, ok=2, in_flight=1) for at in range(4)]),
    ]


def test_before_the_first_run_there_is_nothing_to_draw():
    empty = board()
    empty.run = None
    assert page_data(empty, Known()) == {"run": None}
    assert (members(empty), verdict(empty), state(empty)) == ([], None, "no run")


def test_the_rows_say_offered_sent_and_completed_a_second():
    row = rows_of(page_data(board(two_members(), EPOCH_S + 4), Known()))[0]
    assert (row["end_s"], row["sent_rps"], row["ok_rps"], row["in_flight"]) == (1, 8, 8, 1)
    assert row["offered_rps"] == pytest.approx(10)


def test_all_of_it_is_json_even_where_nothing_is_reached():
    lost = member_state("local", [second(0, failed=3), second(1)])
    data = json.loads(json.dumps(page_data(board([lost]), Known()), allow_nan=False))
    assert rows_of(data)[0]["latency_p50_s"] == NEVER
    assert rows_of(data)[1]["latency_p50_s"] is None


def test_a_page_that_knows_the_run_gets_the_newest_rows_alone():
    view = board(two_members())
    known = Known("run", view.run.series.width, from_s=3.0)
    assert [row["end_s"] for row in rows_of(page_data(view, known))] == [4]


@pytest.mark.parametrize(
    "known",
    [Known("other", 1, 3.0), Known("run", 2, 3.0)],
    ids=["another run", "narrower windows before"],
)
def test_a_page_that_shows_something_else_gets_all_rows(known):
    data = page_data(board(two_members()), known)
    assert (len(data["rows"]), data["from_s"]) == (4, 0.0)


@pytest.mark.parametrize(
    ("now_s", "said"), [(-1, "starting"), (5, "sending"), (61, "draining")], ids=str
)
def test_the_state_follows_the_plan(now_s, said):
    view = board(run=active_run())
    view._clock.now_s = now_s  # the fake plan's epoch is 0
    assert state(view) == said


def test_a_run_that_the_conductor_has_handed_over_is_over():
    view = board(two_members())
    view._engine.conductor.run = None
    assert state(view) == "over"
    assert {row["state"] for row in members(view)} == {"over"}


def test_members_are_listed_with_their_share_and_clock():
    first = member_rows(board(two_members()))[0]
    assert (first["member"], first["share"], first["sent"]) == ("w0", "75 %", "24")
    assert first["clock"] == "1 ms ± 200 us"


def test_member_ten_comes_after_member_two():
    names = [f"w{n}" for n in range(11)]
    view = board([member_state(name) for name in names])
    assert [row["member"] for row in members(view)] == names


def test_a_lost_member_is_named_so():
    view = board(two_members())
    view.run.active.lost.append("w0")
    assert [row["state"] for row in members(view)] == ["lost", "sending"]
    assert view.run.in_flight == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"record_error": "disk full"}, "records-not-written"),
        ({"late_plans": 1}, "late-plan"),
        ({"engine_deaths": 1}, "engine-died"),
        ({"cpu_share": 0.99}, "generator-cpu"),
    ],
    ids=lambda said: said if isinstance(said, str) else "",
)
def test_what_a_member_tells_spoils_the_verdict_at_once(said, reason):
    found = verdict(board(two_members(**said)))
    assert not found["is_final"]
    assert reason in {one["reason"] for one in found["findings"]}


def test_a_clean_run_is_valid_so_far_even_before_anything_was_sent():
    assert verdict(board(two_members()))["headline"] == "VALID so far"
    assert verdict(board())["findings"] == []


def test_lag_and_unsent_arrivals_spoil_the_verdict_at_once():
    late = member_state("local", [second(0, ok=50, lag_s=0.5, unsent={"max-in-flight": 9})])
    reasons = {one["reason"] for one in verdict(board([late]))["findings"]}
    assert {"lag", "planned-vs-sent"} <= reasons


def test_the_tabs_keep_the_order_in_which_rows_are_made():
    view = board([member_state("local", [second(0, ok=50, lag_s=0.5)])])
    rows = extended_stats(view)["extended_stats"][2]["data"]
    assert rows == sorted(rows, key=lambda row: row["name"])
    assert [row["level"] for row in rows] == [row["level"] for row in verdict_rows(view)]
