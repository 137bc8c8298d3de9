"""How our options read in the web page's form: short labels, in the order of their tables."""

from __future__ import annotations

from typing import Any

import flask

from openloop.web_form import form_options


def label_fields(web_ui: Any) -> None:
    """Say each of our options in the few words that a field's label has room for."""
    # Else the fields would be sorted by name.
    web_ui.app.jinja_env.policies["json.dumps_kwargs"] = {"sort_keys": False}
    rows = form_options()

    def shorten(_: flask.Flask, context: dict[str, Any], **__: Any) -> None:
        fields = context.get("template_args", {}).get("extra_options", {})
        for name, field in fields.items():
            row = rows.get(name)
            if row is not None and row.form_help:
                field["help_text"] = row.form_help

    # Held by the page: a signal forgets a listener that nobody else holds.
    web_ui.open_loop_labels = shorten
    flask.before_render_template.connect(shorten, web_ui.app)
