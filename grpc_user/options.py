"""The options that say what is called, and how."""

import base64
import binascii
import json
import re

from grpc_user.json_rows import check_data_text
from grpc_user.targets import check_authority
from grpc_user.transport import Metadata
from openloop.option_table import Option
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s

GROUP_TITLE = "gRPC calls"
DEFAULT_SPIN = "100ms"
DEFAULT_TIMEOUT = "30s"
TRANSPORTS = ("grpcio",)
YES = "yes"
MOST_CONNECTIONS = 10_000

METADATA_NAME = re.compile(r"[0-9a-z_.-]+")
CALL_PATH = re.compile(r"/?([A-Za-z_][\w.]*)/([A-Za-z_]\w*)")
VALID_METADATA = (
    'valid: name=value pairs separated by commas, or a JSON object as {"name": "value"}; names of '
    "a-z 0-9 _ - . that do not begin with grpc-"
)


def parse_timeout_s(text: str) -> float:
    """A deadline: longer than nothing.

    Raises:
        InvalidValue: for anything else.
    """
    seconds = parse_duration_s(text)
    if seconds == 0:
        raise InvalidValue(f"deadline is {text!r}; valid: more than 0, as 500ms or 30s")
    return seconds


def parse_connections(text: str) -> int:
    """How many connections to each target.

    Raises:
        InvalidValue: for anything but a whole number from 1 up.
    """
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CONNECTIONS:
        raise InvalidValue(
            f"connections is {text!r}; valid: a whole number from 1 to {MOST_CONNECTIONS}"
        )
    return int(text)


def parse_call_path(text: str) -> str:
    """A method as "package.Service/Method", turned into gRPC's path.

    Raises:
        InvalidValue: for anything else.
    """
    match = CALL_PATH.fullmatch(text)
    if match is None:
        raise InvalidValue(f"call is {text!r}; valid: package.Service/Method")
    return f"/{match[1]}/{match[2]}"


def parse_metadata(text: str) -> Metadata:
    """Metadata of every call; values of names that end in -bin are base64.

    Raises:
        InvalidValue: saying which pair is wrong.
    """
    pairs = _json_pairs(text) if text.lstrip().startswith("{") else _comma_pairs(text)
    return tuple(_checked(name.strip().lower(), value) for name, value in pairs)


def _json_pairs(text: str) -> list[tuple[str, str]]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise InvalidValue(f"metadata is {text!r}: {error}; {VALID_METADATA}") from None
    if not all(isinstance(value, str) for value in given.values()):
        raise InvalidValue(f"metadata is {text!r}: values must be texts; {VALID_METADATA}")
    return list(given.items())


def _comma_pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for pair in text.split(","):
        name, separator, value = pair.partition("=")
        if not separator:
            raise InvalidValue(f"metadata {pair.strip()!r} has no value; {VALID_METADATA}")
        pairs.append((name, value.strip()))
    return pairs


def _checked(name: str, value: str) -> tuple[str, str | bytes]:
    if not METADATA_NAME.fullmatch(name) or name.startswith("grpc-"):
        raise InvalidValue(f"metadata name {name!r} is not valid; {VALID_METADATA}")
    if name.endswith("-bin"):
        try:
            return name, base64.b64decode(value, validate=True)
        except binascii.Error:
            raise InvalidValue(f"metadata {name!r} is not base64; {VALID_METADATA}") from None
    if not (value.isascii() and value.isprintable()):
        raise InvalidValue(f"metadata {name!r} is not printable ASCII; {VALID_METADATA}")
    return name, value


def check_yes(text: str) -> None:
    """Refuse all but "yes".

    Raises:
        InvalidValue: for anything else.
    """
    if text != YES:
        raise InvalidValue(f"{text!r} is not valid; valid: {YES}, or leave it out")


OPTIONS = (
    Option(
        "--spin",
        "CPU time that each call of the spin service burns, as 0s, 100ms, 1s",
        parse_duration_s,
        form_help="CPU time that each call burns, as 100ms, 1s",
        default=DEFAULT_SPIN,
        in_plan=True,
    ),
    Option(
        "--grpc-timeout",
        "Deadline of every call, from the moment it is sent, as 500ms, 30s",
        parse_timeout_s,
        form_help="deadline of every call, as 500ms, 30s",
        default=DEFAULT_TIMEOUT,
        in_plan=True,
    ),
    Option(
        "--call",
        "Call this method in place of the spin service, as package.Service/Method; its messages "
        "are learnt from the target by server reflection, or from --protoset",
        parse_call_path,
        form_help="package.Service/Method, in place of the spin call",
        in_plan=True,
    ),
    Option(
        "--data",
        "The request of --call as JSON, or @FILE with one JSON value a line: each arrival takes "
        "one by (seed, k). A list makes a stream of requests",
        check_data_text,
        form_help="its request as JSON, or @FILE of JSON lines",
        in_plan=True,
    ),
    Option(
        "--metadata",
        'Sent with every call: name=value,name=value or {"name": "value"}; values of names in -bin '
        "are base64",
        parse_metadata,
        form_help="name=value,name=value of every call",
        in_plan=True,
    ),
    Option(
        "--connections",
        "Connections to each target and process. Default: 2, and more as calls in flight need them",
        parse_connections,
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--transport",
        "What makes the calls",
        default=TRANSPORTS[0],
        choices=TRANSPORTS,
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--protoset",
        "File with a FileDescriptorSet (protoc --include_imports --descriptor_set_out) for --call, "
        "where the target has no reflection",
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--authority",
        "The :authority to send and to expect in the certificate; routes by host name through an "
        "address, as Knative's ingress needs",
        check_authority,
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--grpc-tls-ca",
        "PEM file of the roots to trust; calls use TLS",
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--grpc-tls-cert",
        "PEM file of our certificate, for mutual TLS",
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--grpc-tls-key",
        "PEM file of its key",
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--insecure",
        "Allow plain text to a target that is neither on this machine nor inside a cluster",
        check_yes,
        in_web_form=False,
        in_plan=True,
    ),
)
