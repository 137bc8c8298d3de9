import argparse

import pytest
from locust.argument_parser import get_parser

from grpc_user.config import GrpcConfig
from grpc_user.option_values import parse_call_path, parse_metadata
from grpc_user.options import OPTIONS
from grpc_user.plugin import add_options
from grpc_user.transport import Metadata
from shapes.errors import InvalidValue


@pytest.fixture(scope="module")
def parser():
    return get_parser()


def test_locusts_parser_takes_our_options_beside_its_own(parser):
    options = parser.parse_args(["--spin", "20ms", "--call", "a.B/C", "--grpc-tls-ca", "x"])
    assert (options.spin, options.call, options.grpc_tls_ca) == ("20ms", "a.B/C", "x")
    assert options.grpc_timeout == "30s"


@pytest.mark.parametrize("given", [["--insecure"], ["--insecure", "yes"]], ids=["alone", "yes"])
def test_insecure_needs_no_value(parser, given):
    assert parser.parse_args(given).insecure == "yes"
    assert parser.parse_args([]).insecure == ""


def test_insecure_can_be_set_by_the_environment(parser, monkeypatch):
    monkeypatch.setenv("LOCUST_INSECURE", "yes")
    assert parser.parse_args([]).insecure == "yes"


def test_values_are_plain_texts_so_that_locust_can_send_them_to_workers(parser):
    options = vars(parser.parse_args([]))
    assert {type(options[option.dest]) for option in OPTIONS} == {str}


def test_metadata_is_secret_in_the_web_page(parser):
    (action,) = [a for a in parser._actions if "--metadata" in a.option_strings]
    assert action.is_secret


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--spin", "fast"),
        ("--spin", "-1s"),
        ("--grpc-timeout", "0s"),
        ("--connections", "0"),
        ("--connections", "1.5"),
        ("--transport", "carrier-pigeon"),
        ("--call", "Spin"),
        ("--call", "a.B/C/D"),
        ("--data", "{not json"),
        ("--data", "3"),
        ("--metadata", "novalue"),
        ("--metadata", "grpc-timeout=1"),
        ("--metadata", "bad name=1"),
        ("--metadata", "key-bin=not base64"),
        ("--metadata", '{"a": 1}'),
        ("--authority", "http://x"),
        ("--insecure", "perhaps"),
    ],
)
def test_a_bad_value_is_refused_on_the_command_line(parser, capsys, flag, value):
    with pytest.raises(SystemExit) as ended:
        parser.parse_args([flag, value])
    assert ended.value.code == 2
    assert flag in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "metadata"),
    [
        pytest.param("a=1", (("a", "1"),), id="pair"),
        pytest.param("a=1, B=two words", (("a", "1"), ("b", "two words")), id="pairs"),
        pytest.param("a=x=y", (("a", "x=y"),), id="equals-in-value"),
        pytest.param('{"a": "1,2"}', (("a", "1,2"),), id="json"),
        pytest.param("a-bin=AAE=", (("a-bin", b"\x00\x01"),), id="binary"),
    ],
)
def test_metadata_is_read(text: str, metadata: Metadata):
    assert parse_metadata(text) == metadata


@pytest.mark.parametrize("text", ["a.b.Svc/Do", "/a.b.Svc/Do"])
def test_a_call_is_named_with_or_without_its_slash(text):
    assert parse_call_path(text) == "/a.b.Svc/Do"


def test_a_plans_request_is_read_whole():
    config = GrpcConfig.from_request(
        {"host": "localhost:1", "spin": "5ms", "grpc_timeout": "2s", "connections": "4", "rps": "9"}
    )
    assert (config.spin_s, config.timeout_s, config.connections) == (0.005, 2.0, 4)
    assert config.settings.tls.given is False


def test_an_empty_request_has_the_documented_defaults():
    config = GrpcConfig.from_request({})
    assert (config.spin_s, config.timeout_s, config.connections) == (0.1, 30.0, None)
    assert config == GrpcConfig()


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        pytest.param({"data": "{}"}, "--data without --call", id="data"),
        pytest.param({"protoset": "x"}, "--protoset without --call", id="protoset"),
        pytest.param({"grpc_tls_cert": "x"}, "without --grpc-tls-key", id="cert"),
        pytest.param({"grpc_tls_key": "x"}, "without --grpc-tls-cert", id="key"),
        pytest.param({"grpc_tls_ca": "/no/such"}, "No such file", id="ca"),
        pytest.param({"host": "10.0.0.1:80"}, "plain text", id="plain-text"),
        pytest.param({"host": "nonsense"}, "is not a target", id="host"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_line(request_, said):
    with pytest.raises(InvalidValue, match=said) as refused:
        GrpcConfig.from_request(request_)
    assert "\n" not in str(refused.value)


def test_every_option_says_what_it_is_and_travels_in_the_plan():
    assert all(option.help and option.in_plan for option in OPTIONS)


def test_options_do_not_clash_with_locusts():
    add_options(argparse.ArgumentParser())
