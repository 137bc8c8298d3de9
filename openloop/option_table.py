"""Options as rows of a table: registered with Locust's parser, checked on every way in.

Locust sets an option from the command line, the environment, a configuration file and the web form;
only the first three are checked by argparse. So every value stays the text that was typed,
checked by the row's `parse`, and is turned into numbers in one place, when a run starts.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shapes.errors import InvalidValue

YES = "yes"


@dataclass(frozen=True)
class Option:
    """One command-line option.

    Attributes:
        flag: The long option, as "--rps"; its environment variable is LOCUST_RPS.
        help: What it is, with units and an example.
        parse: Raises InvalidValue for a text that is not valid; never called with ''.
        default: The text when nothing is given; '' means "not given".
        choices: Fixed values; shown as a list in the web form.
        in_web_form: Whether the start form shows it.
        in_plan: Whether what a member sends depends on it: it then travels in the plan.
        repeatable: Whether it may be given several times; its value is a list of texts.
        is_switch: Whether it takes no value: given, it is "yes".
        form_help: What the web form says in place of `help`, where that is too long for a label.
    """

    flag: str
    help: str
    parse: Callable[[str], object] = str
    default: str = ""
    choices: tuple[str, ...] = ()
    in_web_form: bool = True
    in_plan: bool = False
    repeatable: bool = False
    is_switch: bool = False
    form_help: str = ""

    @property
    def dest(self) -> str:
        """The attribute of Locust's parsed options."""
        return self.flag.removeprefix("--").replace("-", "_")

    @property
    def env_var(self) -> str:
        """The environment variable that sets it."""
        return f"LOCUST_{self.dest.upper()}"

    def check(self, text: str) -> str:
        """The text itself when valid or empty.

        Raises:
            InvalidValue: naming the option, what was given and what is valid.
        """
        if text == "":
            return text
        try:
            self.parse(text)
        except InvalidValue as error:
            raise InvalidValue(f"{self.flag}: {error}") from None
        return text


def register_options(
    parser: argparse.ArgumentParser, title: str, options: Sequence[Option]
) -> None:
    """Add the options to Locust's parser under a group of their own."""
    group = parser.add_argument_group(title)
    for option in options:
        _register(group, option)


def _register(group: Any, option: Option) -> None:
    kwargs: dict[str, Any] = {
        "default": [] if option.repeatable else option.default,
        "env_var": option.env_var,
        "help": option.help,
    }
    if option.is_switch:
        kwargs |= {"action": "store_const", "const": YES}
    else:
        kwargs["type"] = _argparse_type(option)
    if option.choices:
        kwargs["choices"] = list(option.choices)
    if option.repeatable:
        kwargs["action"] = "append"
    action = group.add_argument(option.flag, **kwargs)
    # An argument group does not take Locust's own keyword arguments; the attribute does the same.
    action.include_in_web_ui = option.in_web_form
    action.open_loop_option = option


def _argparse_type(option: Option) -> Callable[[str], str]:
    def check(text: str) -> str:
        try:
            option.parse(text) if text else None
        except InvalidValue as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        return text

    return check
