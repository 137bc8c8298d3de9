"""The options that say what is called, and how."""

from grpc_user.json_rows import check_data_text
from grpc_user.option_values import (
    parse_call_path,
    parse_connections,
    parse_metadata,
    parse_timeout_s,
)
from grpc_user.targets import check_authority
from grpc_user.transport import GRPCIO, TRANSPORTS
from openloop.option_table import Option
from shapes.errors import InvalidValue
from shapes.quantities import parse_duration_s

GROUP_TITLE = "gRPC calls"
DEFAULT_SPIN = "100ms"
DEFAULT_TIMEOUT = "30s"
YES = "yes"
HUB, PROCESS = ENGINES = ("hub", "process")
"""Where calls are sent from, by the names that `--engine` takes."""


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
        "What makes the calls: grpcio, or h2: HTTP/2 of our own, several times cheaper a call",
        default=GRPCIO,
        choices=TRANSPORTS,
        in_web_form=False,
        in_plan=True,
    ),
    Option(
        "--engine",
        "Where calls are sent from: hub, Locust's own process, or process: one beside it, for h2 "
        "calls of SpinUser at high rates, or where Locust's is busy",
        default=HUB,
        choices=ENGINES,
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
