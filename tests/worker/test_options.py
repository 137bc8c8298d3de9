import socket

import pytest

from worker.options import parse_options


def options(*arguments: str, **environment: str):
    return parse_options(arguments, environment)


def fault(capsys, *arguments: str, **environment: str) -> str:
    with pytest.raises(SystemExit) as left:
        options(*arguments, **environment)
    (line,) = capsys.readouterr().err.splitlines()
    assert left.value.code == 2
    return line


def test_without_anything_it_serves_loopback_on_port_50052():
    given = options()
    assert (given.host, given.port) == ("127.0.0.1", 50052)


def test_where_the_platform_sets_port_it_serves_every_address_on_it():
    given = options(PORT="8080")
    assert (given.host, given.port) == ("[::]", 8080)


def test_an_explicit_port_wins_over_the_platforms():
    assert options("--port=50052", PORT="8080").port == 50052


def test_an_empty_port_variable_is_no_port():
    assert options(PORT="").port == 50052


def test_an_explicit_host_wins():
    assert options("--host", "0.0.0.0", PORT="8080").host == "0.0.0.0"  # noqa: S104 - not bound


@pytest.mark.parametrize(
    ("arguments", "environment", "pod"),
    [
        (["--pod=p"], {"POD_NAME": "e"}, "p"),
        ([], {"POD_NAME": "e"}, "e"),
        ([], {}, socket.gethostname()),
    ],
    ids=["flag", "environment", "host-name"],
)
def test_the_pod_is_named_by_flag_environment_or_host(arguments, environment, pod):
    assert options(*arguments, **environment).pod == pod


def test_limits_have_their_defaults():
    limits = options().limits
    assert limits.max_spin_us == 10_000_000
    assert limits.max_payload_bytes == 4 * 1024**2
    assert limits.max_concurrency == 1000


def test_limits_are_read_from_flags():
    limits = options("--max-spin=250ms", "--max-payload=1KiB", "--max-concurrency=7").limits
    assert limits.max_spin_us == 250_000
    assert limits.max_payload_bytes == 1024
    assert limits.max_concurrency == 7


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port=ten"], "argument --port: 'ten' is not valid; valid: a whole number, 0 to 65535"),
        (["--port=70000"], "'70000' is not valid"),
        (["--port="], "argument --port: ''"),
        (["--max-spin=-1s"], "argument --max-spin: '-1s'"),
        (["--max-spin=nan"], "'nan' is not valid; valid: a time in us, ms, s or m"),
        (["--max-spin=2h"], "'2h' is not valid"),
        (["--max-concurrency=0"], "'0' is not valid; valid: a whole number, 1 to 10000"),
        (["--max-payload=lots"], "'lots' is not valid; valid: bytes, or a number with KiB"),
        (["--max-concurrent-streams=0"], "'0' is not valid"),
        (["--prot=1"], "unknown argument '--prot=1'; usage: python -m worker"),
        (["--max-sp=1s"], "unknown argument '--max-sp=1s'"),
        (["8080"], "unknown argument '8080'"),
        (["--tls-cert=a"], "--tls-cert given; valid: --tls-cert and --tls-key together"),
        (["--tls-client-ca=a"], "--tls-client-ca given; valid: --tls-cert and --tls-key"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "says",
)
def test_a_bad_flag_is_one_line_with_what_is_valid(capsys, arguments, words):
    assert words in fault(capsys, *arguments)


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8080 "])
def test_a_bad_port_variable_is_one_line_that_names_it(capsys, port):
    line = fault(capsys, PORT=port)
    assert f"environment variable PORT: {port!r} is not valid" in line


def test_a_bad_port_variable_does_not_matter_when_the_flag_is_given():
    assert options("--port=1", PORT="http").port == 1
