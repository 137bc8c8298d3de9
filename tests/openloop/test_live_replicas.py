import json

import pytest

from openloop.live_replicas import ReplicaTail, activator_spans, pods_at, tab_rows
from openloop.live_view import COLUMNS, Known, page_data
from openloop.web_tabs import replica_rows
from records.replica_rows import LIVE_NAME
from tests.openloop.live_fakes import active_run, board, member_state, second

STARTED_UNIX_S = 1_800_000_000.0
REVISION = "worker-00001"


def row(at_s, kind, **values):
    return {"at_unix_s": STARTED_UNIX_S + at_s, "kind": kind, "revision": REVISION, **values}


def pod(at_s, name, phase):
    return row(at_s, "pod", pod=name, phase=phase, said_unix_s=None, node="n")


SEEN = [
    row(-0.5, "scale", desired=0, actual=0),
    row(-1.0, "mode", mode="Proxy", activators=3),
    row(2.2, "scale", desired=2, actual=0),
    pod(2.4, "worker-a", "created"),
    pod(2.5, "worker-b", "created"),
    pod(4.1, "worker-a", "ready"),
    row(6.0, "mode", mode="Serve", activators=3),
    pod(6.5, "worker-b", "ready"),
    row(7.0, "metric", name="kn_revision_pods_desired", value=2.0, labels={}),
]


def write(folder, rows):
    with (folder / LIVE_NAME).open("a") as file:
        file.writelines(json.dumps(each) + "\n" for each in rows)


@pytest.fixture
def view(tmp_path):
    write(tmp_path, SEEN)
    return ReplicaTail(tmp_path).view(STARTED_UNIX_S)


def test_while_nobody_observes_there_is_nothing(tmp_path):
    assert ReplicaTail(tmp_path).view(STARTED_UNIX_S) is None
    assert pods_at(None, [1.0, 2.0]) == [[None] * 3] * 2


def test_desired_ready_and_pending_pods_are_known_at_each_time(view):
    assert pods_at(view, [-2.0, 1.0, 3.0, 5.0, 8.0]) == [
        [None, None, None],
        [0, 0, 0],
        [2, 0, 2],
        [2, 1, 1],
        [2, 2, 0],
    ]


def test_the_activator_is_in_the_path_from_moment_to_moment(view):
    assert activator_spans(view, 8.0) == [(-1.0, 6.0)]
    assert activator_spans(None, 8.0) == []


def test_an_activator_that_stays_in_the_path_is_there_up_to_now(tmp_path):
    write(tmp_path, SEEN[:3])
    assert activator_spans(ReplicaTail(tmp_path).view(STARTED_UNIX_S), 5.0) == [(-1.0, 5.0)]


def test_what_an_observer_adds_is_seen_at_the_next_look(tmp_path):
    tail = ReplicaTail(tmp_path)
    write(tmp_path, SEEN[:3])
    assert pods_at(tail.view(STARTED_UNIX_S), [3.0]) == [[2, 0, None]]
    write(tmp_path, SEEN[3:])
    assert pods_at(tail.view(STARTED_UNIX_S), [3.0]) == [[2, 0, 2]]


def test_a_line_that_is_not_whole_yet_is_read_when_it_is(tmp_path):
    tail = ReplicaTail(tmp_path)
    line = json.dumps(SEEN[2])
    (tmp_path / LIVE_NAME).write_text(line[:40])
    assert tail.view(STARTED_UNIX_S) is None
    (tmp_path / LIVE_NAME).write_text(line + "\n")
    assert tail.view(STARTED_UNIX_S) is not None


def test_without_news_the_view_is_not_made_again(tmp_path):
    write(tmp_path, SEEN)
    tail = ReplicaTail(tmp_path)
    assert tail.view(STARTED_UNIX_S) is tail.view(STARTED_UNIX_S)


def test_the_tab_has_now_and_then_each_second_of_a_change_the_newest_first(view):
    rows = tab_rows(view, 9.0, "now")
    assert [each["at"] for each in rows] == ["now", "7 s", "6 s", "5 s", "3 s", "0 s", "-1 s"]
    assert rows[0] == {
        "at": "now",
        "desired": "2",
        "ready": "2",
        "pending": "0",
        "mode": "out of the path",
    }
    assert rows[4] == {
        "at": "3 s",
        "desired": "2",
        "ready": "0",
        "pending": "2",
        "mode": "in the path",
    }


def observed_board(tmp_path, rows):
    run = active_run()
    run.folder, run.started_unix_s = tmp_path, STARTED_UNIX_S
    write(tmp_path, rows)
    made = board(run=run)
    made.run.take(member_state("local", [second(at, ok=1) for at in range(8)]))
    made._clock.now_s = 8.0  # the fake plan's epoch is 0
    return made


def test_the_page_has_the_pods_of_each_second_and_the_activators_times(tmp_path):
    data = json.loads(json.dumps(page_data(observed_board(tmp_path, SEEN), Known())))
    rows = [dict(zip(COLUMNS, each, strict=True)) for each in data["rows"]]
    assert [each["pods_desired"] for each in rows] == [0, 0, 2, 2, 2, 2, 2, 2]
    assert [each["pods_ready"] for each in rows] == [0, 0, 0, 0, 1, 1, 2, 2]
    assert data["pods"] == {"how_to": None, "activator": [[-1.0, 6.0]], "gaps": []}


def test_where_nobody_observes_the_page_and_the_tab_say_how_to(tmp_path):
    data = page_data(observed_board(tmp_path, []), Known())
    how_to = data["pods"]["how_to"]
    assert "python -m experiment observe" in how_to
    assert how_to.endswith(f"--follow {tmp_path.parent}")
    assert replica_rows(observed_board(tmp_path, [])) == [{"at": how_to}]


def test_the_tab_says_now_only_while_the_run_is_under_way(tmp_path):
    made = observed_board(tmp_path, SEEN)
    assert replica_rows(made)[0]["at"] == "now"
    made._engine.conductor.run = None
    assert replica_rows(made)[0]["at"] == "last seen"


def test_before_the_first_run_the_tab_is_empty():
    empty = board()
    empty.run = None
    assert replica_rows(empty) == []
