"""Tabs on Locust's own page: "Open loop", a row a member, "Replicas" and "Verdict".

Locust's page draws tables of any plugin from three of its template arguments, and asks for their
rows with its statistics, every two seconds while a run is under way.
"""

from __future__ import annotations

from typing import Any

import flask

from openloop.live_board import LiveBoard
from openloop.live_replicas import how_to_observe, tab_rows
from openloop.live_view import NEVER, members, verdict
from verdict.first_screen import what_was_run
from verdict.wording import say_count, say_share, say_time

STATS_ENDPOINT = "locust.request_stats"
MEMBERS_TAB, REPLICAS_TAB, VERDICT_TAB = "open-loop", "replicas", "verdict"
COLUMNS = {
    MEMBERS_TAB: {
        "member": "Member",
        "doing": "State",
        "share": "Share of the arrivals",
        "clock": "Clock offset ± error",
        "lag_p50": "Lag p50",
        "lag_p99": "Lag p99",
        "sent": "Sent",
        "unsent": "Unsent",
        "in_flight": "In flight",
    },
    REPLICAS_TAB: {
        "at": "Time",
        "desired": "Pods desired",
        "ready": "Pods ready",
        "pending": "Pods pending",
        "mode": "Activator",
    },
    VERDICT_TAB: {"level": "Verdict", "said": "Why", "remedy": "What to do"},
}
TITLES = {MEMBERS_TAB: "Open loop", REPLICAS_TAB: "Replicas", VERDICT_TAB: "Verdict"}
BETWEEN = frozenset({"stopping", "cleanup"})
"""States on the way to "stopped": Locust's page asks no more once it hears of one, and stays with
what it had."""
PLACE = "name"
"""Locust sorts rows by this; it is no column."""


def add_tabs(web_ui: Any, board: LiveBoard) -> None:
    """Add the tabs and keep their rows up to date."""
    web_ui.template_args |= {
        "extended_tabs": [{"key": key, "title": title} for key, title in TITLES.items()],
        "extended_tables": [
            {
                "key": key,
                "structure": [{"key": name, "title": title} for name, title in columns.items()],
            }
            for key, columns in COLUMNS.items()
        ],
        "extended_csv_files": [
            {"href": "./open-loop", "title": "Open loop: charts, verdict and report of the run"}
        ],
    }

    def add_rows(response: flask.Response) -> flask.Response:
        # By endpoint: the path begins with --web-base-path.
        if flask.request.endpoint == STATS_ENDPOINT and response.is_json:
            said = response.get_json()
            if said["state"] in BETWEEN:
                said["state"] = "running"
            response.set_data(flask.json.dumps({**said, **extended_stats(board)}))
        return response

    web_ui.app.after_request(add_rows)


def extended_stats(board: LiveBoard) -> dict[str, Any]:
    """The rows of all tabs, as Locust's page takes them."""
    rows = {
        MEMBERS_TAB: member_rows(board),
        REPLICAS_TAB: replica_rows(board),
        VERDICT_TAB: verdict_rows(board),
    }
    return {
        "extended_stats": [
            {"key": key, "data": [{PLACE: f"{n:04d}", **row} for n, row in enumerate(data)]}
            for key, data in rows.items()
        ]
    }


def member_rows(board: LiveBoard) -> list[dict[str, str]]:
    """One row a member, and all of them together where there are several."""
    return [_member_row(member) for member in members(board)]


def _member_row(member: dict[str, Any]) -> dict[str, str]:
    clock = f"{_time(member['offset_s'])} ± {_time(member['error_s'])}"
    return {
        "member": member["member"],
        "doing": member["state"],
        "share": "" if member["share"] is None else say_share(member["share"]),
        "clock": "same clock" if member["error_s"] == 0 else clock,
        "lag_p50": _time(member.get("lag_p50_s")),
        "lag_p99": _time(member.get("lag_p99_s")),
        "sent": _count(member.get("sent")),
        "unsent": _count(member.get("unsent")),
        "in_flight": _count(member.get("in_flight")),
    }


def replica_rows(board: LiveBoard) -> list[dict[str, str]]:
    """The pods now, and the seconds in which they changed; one line where nobody observes."""
    if board.run is None:
        return []
    seen = board.run.replicas()
    if seen is None:
        return [{"at": how_to_observe(board.run.folder)}]
    return tab_rows(seen, board.now_s, "now" if board.is_under_way else "last seen")


def _time(value: float | str | None) -> str:
    if value is None:
        return "-"
    return "not reached" if value == NEVER else say_time(float(value))


def _count(value: int | None) -> str:
    return "-" if value is None else say_count(value)


def verdict_rows(board: LiveBoard) -> list[dict[str, str]]:
    """The level first, then each reason with what to do, then the checks."""
    found = verdict(board)
    if found is None:
        return []
    return [
        _first_row(board, found),
        *(
            {"level": one["level"], "said": one["said"], "remedy": one["remedy"]}
            for one in found["findings"]
        ),
        *(
            {"level": "passed" if check["passed"] else "missed", "said": check["said"]}
            for check in found["checks"]
        ),
    ]


def _first_row(board: LiveBoard, found: dict[str, Any]) -> dict[str, str]:
    said = board.conclusion
    if said is None:
        judged = "lag, unsent arrivals, clocks, members, engines, records and CPU"
        return {"level": found["headline"], "said": f"from {judged}; the rest at the end"}
    level = f"{found['headline']} ({found['level']})"
    return {"level": level, "said": what_was_run(said.summary)}
