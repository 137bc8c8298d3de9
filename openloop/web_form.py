"""The web page's start and edit form: checked by the same parsers as the command line.

Locust takes whatever text the form sends and answers with success; `rps=ten` would start a run.
"""

from __future__ import annotations

import logging
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

import flask
from flask_login import current_user
from locust.argument_parser import get_parser
from locust.util.timespan import parse_timespan
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from openloop.errors import OpenLoopError
from openloop.option_table import Option
from shapes.errors import InvalidValue
from shapes.quantities import parse_rate_rps

log = logging.getLogger(__name__)

SWARM_ENDPOINT = "locust.swarm"
NO_SHAPE = "Default"
EDITABLE_WHILE_RUNNING = frozenset({"rps"})

Form = Mapping[str, str]
ShapeName = str
CheckStart = Callable[[Namespace, ShapeName], ShapeName]
"""(options as they will be, picked shape's name or "") to the name of the shape that is active."""


def guard_swarm(environment: Any, web_ui: Any, check_start: CheckStart) -> None:
    """Check every POST /swarm before Locust sees it.

    Args:
        environment: Locust's environment.
        web_ui: Locust's web page.
        check_start: Activates the shape for these options; raises InvalidValue or OpenLoopError
            when a run with them cannot start.
    """
    rows = form_options()
    last_form: dict[str, str] = {}

    def before_request() -> flask.Response | None:
        if flask.request.endpoint != SWARM_ENDPOINT or not _may_ask(web_ui):
            return None
        try:
            sent = flask.request.form
            form = _revised(environment, sent, last_form, rows, check_start)
        except (InvalidValue, OpenLoopError) as error:
            # The page shows the answer beside its start form, but closes the edit form over it:
            # there the sentence is on its Logs tab, which is marked.
            log.error("Refused: %s", error)  # noqa: TRY400 - a sentence for a person, no fault
            return flask.jsonify(
                {"success": False, "message": str(error), "host": environment.host}
            )
        last_form.update(sent.items())
        flask.request.form = form  # werkzeug caches the form under this name
        return None

    web_ui.app.before_request(before_request)


def _may_ask(web_ui: Any) -> bool:
    """Whether Locust would serve who asks: else it sends them to the login page."""
    return not web_ui.web_login or current_user.is_authenticated


def form_options() -> dict[str, Option]:
    """Our options by name, as registered with Locust's parser."""
    rows = (getattr(action, "open_loop_option", None) for action in get_parser()._actions)  # noqa: SLF001 - argparse offers no other list
    return {row.dest: row for row in rows if row is not None}


def _revised(
    environment: Any,
    form: ImmutableMultiDict[str, str],
    last_form: Form,
    rows: Mapping[str, Option],
    check_start: CheckStart,
) -> ImmutableMultiDict[str, str]:
    options = environment.parsed_options
    running = environment.runner.state in ("spawning", "running")
    revised = MultiDict(form)
    check_values(revised, rows)
    if running:
        refuse_changes_while_running(revised, options, rows)
    settle_rate(revised, options, last_form)
    if not running:
        shape_name = check_start(with_form(options, revised, rows), _picked_shape(revised))
        _tell_picker(environment, revised, shape_name)
        _take_lists(revised, options, rows)
        if not revised.get("run_time"):
            options.run_time = None  # Locust keeps the last run's where the form has none
    return ImmutableMultiDict(revised)


def _picked_shape(form: Form) -> ShapeName:
    name = form.get("shape_class", NO_SHAPE)
    return "" if name == NO_SHAPE else name


def _tell_picker(environment: Any, form: MultiDict[str, str], shape_name: ShapeName) -> None:
    """With the class picker, Locust sets the shape from the form after us: say the same there."""
    if environment.web_ui.userclass_picker_is_active:
        if shape_name:
            environment.available_shape_classes.setdefault(shape_name, environment.shape_class)
        form["shape_class"] = shape_name or NO_SHAPE


def check_values(form: Form, rows: Mapping[str, Option]) -> None:
    """Refuse a form with a value that its option's parser refuses.

    Raises:
        InvalidValue: naming the field.
    """
    for name, row in rows.items():
        for text in _texts(form, name, row):
            row.check(text)


def _texts(form: Form, name: str, row: Option) -> list[str]:
    """What a field says; the field of a repeatable option takes several, between commas."""
    value = form.get(name, "")
    parts = value.split(",") if row.repeatable else [value]
    return [part.strip() for part in parts if part.strip()]


def _take_lists(form: MultiDict[str, str], options: Namespace, rows: Mapping[str, Option]) -> None:
    """Set repeatable options here: of an empty list Locust believes that it holds whole numbers."""
    for name, row in rows.items():
        if row.repeatable and name in form:
            setattr(options, name, _texts(form, name, row))
            del form[name]


def refuse_changes_while_running(
    form: Form, options: Namespace, rows: Mapping[str, Option]
) -> None:
    """Only the rate can be edited while a run is under way; the rest of its plan is fixed.

    Raises:
        InvalidValue: naming the first option that was changed.
    """
    for name, row in rows.items():
        before = getattr(options, name, row.default)
        fixed = name in form and name not in EDITABLE_WHILE_RUNNING and not row.repeatable
        if fixed and form[name].strip() != (before or ""):
            raise InvalidValue(
                f"{row.flag} cannot change while a run is under way (it is "
                f"{before or 'not given'!r}, the form says {form[name]!r}); valid: stop the run "
                "first"
            )


def settle_rate(form: MultiDict[str, str], options: Namespace, last_form: Form) -> None:
    """Of the number of users and the rate field, the one that was changed rules.

    The page always sends both: what holds now, where it was loaded since; else what a person left
    there the last time, whatever became of it.

    Args:
        form: The form; changed so that both say the same.
        options: The options in force.
        last_form: What the page sent the last time.

    Raises:
        InvalidValue: when both were changed and disagree.
    """
    rps = form.get("rps", "").strip()
    if not rps:
        return
    users = str(max(1, round(parse_rate_rps(rps) / parse_rate_rps(options.rps_per_user))))
    users_now = str(options.num_users or 1)
    users_asked = form.get("user_count", users)
    rate_changed = rps not in (options.rps, last_form.get("rps"))
    users_changed = users_asked not in (users_now, last_form.get("user_count"))
    if rate_changed and users_changed and users_asked != users:
        raise InvalidValue(f"rps {rps} and {users_asked} users disagree; valid: change one of them")
    if rate_changed:
        _fill_users(form, options, last_form, users)
    else:
        form["rps"] = "" if users_changed else options.rps
        form["user_count"] = users_asked if users_changed else users_now


def _fill_users(form: MultiDict[str, str], options: Namespace, last_form: Form, users: str) -> None:
    """The rate field rules: as many users, at once unless the form says another ramp."""
    form["user_count"] = users
    asked = _number(form, "spawn_rate", float, None)
    if asked in (None, options.spawn_rate, _number(last_form, "spawn_rate", float, None)):
        form["spawn_rate"] = users


def with_form(options: Namespace, form: Form, rows: Mapping[str, Option]) -> Namespace:
    """The options as they will be when Locust has taken the form over."""
    result = Namespace(**vars(options))
    for name, row in rows.items():
        if name in form:
            texts = _texts(form, name, row)
            setattr(result, name, texts if row.repeatable else "".join(texts))
    if "host" in form:
        result.host = form["host"].strip()
    result.num_users = _number(form, "user_count", int, options.num_users)
    result.spawn_rate = _number(form, "spawn_rate", float, options.spawn_rate)
    result.run_time = _run_time_s(form.get("run_time", ""))
    return result


def _run_time_s(text: str) -> int | None:
    try:
        return parse_timespan(text) if text else None
    except ValueError as error:
        raise InvalidValue(f"run time {text!r}: {error}") from None


def _number(form: Form, name: str, kind: Callable[[str], Any], otherwise: Any) -> Any:
    if name not in form:
        return otherwise
    try:
        return kind(form[name])
    except ValueError:
        raise InvalidValue(f"{name} {form[name]!r} is not a number") from None
