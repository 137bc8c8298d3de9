"""Locust's options as Locust reads them, asked of a process of its own before any load."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiment.doctor.question import Question
from experiment.errors import ExperimentError
from experiment.knative.ways import Way
from grpc_user.option_values import parse_call_path, parse_metadata, parse_timeout_s
from grpc_user.targets import Target, parse_targets
from grpc_user.tls import TlsFiles
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s
from verdict.asked import asked_of_target

READ_S = 60.0
ERROR = " error: "
NOT_OURS = ("master", "worker", "list_commands", "show_task_ratio", "show_task_ratio_json")


class BadOptions(ExperimentError):
    """Options that Locust refuses, or that do not belong here."""


@dataclass(frozen=True)
class LocustOptions:
    """What a run is asked for in Locust's words.

    Attributes:
        values: By the name of the option's attribute.
        given: Arguments that set all that is not as by default.
    """

    values: Mapping[str, Any]
    given: tuple[str, ...]

    def text(self, name: str) -> str:
        """An option's text; "" where it is not given."""
        return str(self.values.get(name) or "")

    @property
    def way(self) -> Way | None:
        """Where calls go; None where nothing says."""
        host = self.text("host")
        return Way(host, self.text("authority")) if host else None

    @property
    def tls(self) -> TlsFiles:
        """The files of TLS."""
        names = ("grpc_tls_ca", "grpc_tls_cert", "grpc_tls_key")
        return TlsFiles(*(self.text(name) for name in names))

    @property
    def spin_s(self) -> float:
        """The longest work that a call asks for; 0 where that is not known."""
        spin = asked_of_target(self.values)["spin"]
        return parse_duration_s(spin) if spin else 0.0

    def question(self) -> Question:
        """One call as the run makes it.

        Raises:
            InvalidValue: for an option of the locustfile that has our name and another meaning.
        """
        call, timeout, metadata = (self.text(name) for name in ("call", "grpc_timeout", "metadata"))
        return Question(
            parse_call_path(call) if call else "",
            self.text("data"),
            self.text("protoset"),
            parse_metadata(metadata) if metadata else (),
            parse_timeout_s(timeout) if timeout else Question.timeout_s,
        )

    def targets(self) -> tuple[Target, ...]:
        """The addresses that are given; none where nothing is."""
        return parse_targets(self.text("host")) if self.text("host") else ()


def read_locust_options(arguments: Sequence[str]) -> LocustOptions:
    """What Locust makes of these arguments, the environment and its configuration files.

    Raises:
        BadOptions: in Locust's own words.
    """
    command = [sys.executable, "-m", "openloop.parsed_options", *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=READ_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadOptions(f"Locust did not read its options within {READ_S:g} s") from None
    if done.returncode != 0:
        raise BadOptions(f"Locust's options: {_what_is_said(done.stderr)}")
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise BadOptions(f"the locustfile prints at import: {done.stdout[:80]!r}") from None
    return checked(LocustOptions(told["values"], tuple(told["given"])))


def checked(options: LocustOptions) -> LocustOptions:
    """The options themselves.

    Raises:
        BadOptions: for what a run that is started from here cannot have.
    """
    for name in NOT_OURS:
        if options.values.get(name):
            flag = name.replace("_", "-")
            raise BadOptions(f"--{flag} is not for `run`; it starts Locust by itself, headless")
    try:
        options.question()
        options.targets()
    except InvalidValue as error:
        raise BadOptions(str(error)) from None
    data = options.text("data")
    if data.startswith("@") and not Path(data[1:]).is_file():
        raise BadOptions(f"--data {data}: there is no such file")
    return options


def _what_is_said(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line.partition(ERROR)[2] for line in lines if ERROR in line]
    return (errors or lines or ["no word of why"])[-1].strip()
