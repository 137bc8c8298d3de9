"""`--engine process`: calls to all kinds of targets leave the records of the hub's engine."""

import json
from collections import Counter
from contextlib import ExitStack
from functools import partial
from shlex import split

import pytest
import trustme

from tests.whole.harness import Together, run_locust
from tests.whole.web import free_port
from tests.whole.workers import spin_worker

LINE = "--rps 30 --duration 1s --warm-up 0s --distribution poisson --seed 5 --spin 1ms"
ENGINES = {"hub": ("--transport", "h2"), "process": ("--transport", "h2", "--engine", "process")}
NOT_BY_THE_CLOCK = ("k", "intended_s", "phase", "method", "member", "status", "code",
                    "failure_class", "detail", "http_status", "spin_s", "request_bytes",
                    "instance_id", "pod", "channel")  # fmt: skip
AT_ONCE = 4
TRUSTED = "--host grpcs://{secure} --grpc-tls-ca {ca}"
CALL = "--call spin.v1.Spinner/Spin"
ROWS = (
    {"spinUs": 1000},
    {"spinUs": 0, "requestId": "long" * 20, "replyBytes": 3000},
    {"spinUs": -1},
    {"payload": "AAAA" * 500},
)
SENT = {
    "certificates of both": "--host grpcs://{mutual} --grpc-tls-ca {ca} {shown}",
    "no certificate to show": "--host grpcs://{mutual} --grpc-tls-ca {ca}",
    "another name": "--host {by_number} --grpc-tls-ca {ca} --authority spin.example.com",
    "a name looked up": "--host dns:///{secure} --grpc-tls-ca {ca}",
    "several hosts": "--host grpcs://{secure},{by_number_too} --grpc-tls-ca {ca}",
    "deadlines": f"{TRUSTED} --spin 300ms --grpc-timeout 50ms",
    "rows of data": f"{TRUSTED} {CALL} --data @{{rows}}",
}
CODES = {
    "no certificate to show": {"UNAVAILABLE"},
    "deadlines": {"DEADLINE_EXCEEDED"},
    "rows of data": {"OK", "INVALID_ARGUMENT"},
}
REFUSED = {
    "another authority": ("--host grpcs://{secure} --grpc-tls-ca {stranger}", "TLS failed"),
    "a name not in the certificate": (f"{TRUSTED} --authority elsewhere.org", "elsewhere.org"),
    "nobody at one of two hosts": (
        "--host {by_number},{nobody} --grpc-tls-ca {ca}",
        "cannot connect to {nobody}",
    ),
    "a row that does not fit": (f"{TRUSTED} {CALL} --data '{{{{\"no\": 1}}}}'", "no"),
}


def write_certificates(folder):
    """Files of an authority, of a server and a client that it vouches for, and of a stranger."""
    authority = trustme.CA()
    server = authority.issue_cert("localhost", "127.0.0.1", "spin.example.com")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    trustme.CA().cert_pem.write_to_path(folder / "stranger.pem")
    server.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    authority.issue_cert("client").private_key_and_cert_chain_pem.write_to_path(
        folder / "client.pem"
    )


@pytest.fixture(scope="module")
def there(folder):
    """What the lines name: addresses and files."""
    write_certificates(folder)
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    files = {name: folder / f"{name}.pem" for name in ("ca", "stranger", "server", "client")}
    tls = ("--tls-cert", str(files["server"]), "--tls-key", str(files["server"]))
    mutual = (*tls, "--tls-client-ca", str(files["ca"]))
    with ExitStack() as stack:
        addresses = [
            stack.enter_context(spin_worker(*flags)).address for flags in (tls, tls, mutual)
        ]
        yield {
            **files,
            "rows": folder / "rows.jsonl",
            "shown": f"--grpc-tls-cert {files['client']} --grpc-tls-key {files['client']}",
            **named(addresses),
            "nobody": f"127.0.0.1:{free_port()}",
        }


def named(addresses):
    by_number, by_number_too, mutual = addresses
    return {
        "by_number": by_number,
        "by_number_too": by_number_too,
        "secure": by_number.replace("127.0.0.1", "localhost"),
        "mutual": mutual.replace("127.0.0.1", "localhost"),
    }


def both(folder, there, lines):
    """Each line with each engine."""
    work = {
        (name, engine): partial(
            run_locust, folder / f"{k}-{engine}", *split(f"{LINE} {line.format(**there)}"), *options
        )
        for k, (name, line) in enumerate(lines.items())
        for engine, options in ENGINES.items()
    }
    return Together(work, at_once=AT_ONCE)


@pytest.fixture(scope="module")
def sent(folder, there):
    return both(folder / "sent", there, SENT)


@pytest.fixture(scope="module")
def refused(folder, there):
    return both(folder / "refused", there, {name: line for name, (line, _) in REFUSED.items()})


@pytest.mark.parametrize("name", SENT)
def test_the_same_arrivals_have_the_same_records(sent, name):
    hub, process = [
        [{key: row[key] for key in NOT_BY_THE_CLOCK} for row in sent[name, engine].rows]
        for engine in ENGINES
    ]
    assert len(hub) > 15
    assert process == hub


@pytest.mark.parametrize("name", SENT)
def test_the_same_columns_are_known(sent, name):
    hub, process = [
        {key for row in sent[name, engine].rows for key, value in row.items() if value is not None}
        for engine in ENGINES
    ]
    assert process == hub


@pytest.mark.parametrize("name", SENT)
def test_all_calls_end_as_their_line_has_it(sent, name):
    assert {row["code"] for row in sent[name, "process"].rows} == CODES.get(name, {"OK"})


def test_several_hosts_share_the_calls(sent):
    shares = Counter(row["instance_id"] for row in sent["several hosts", "process"].rows)
    assert len(shares) == 2
    assert max(shares.values()) - min(shares.values()) <= 2


def complaint(ended):
    """The one line that says what is wrong."""
    (line,) = [line for line in ended.err.splitlines() if ": error: " in line]
    assert "Traceback" not in ended.err
    return line


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_hub_refuses_is_refused_in_the_same_line(refused, there, name):
    hub, process = [complaint(refused[name, engine]) for engine in ENGINES]
    assert process == hub
    assert REFUSED[name][1].format(**there) in process


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_ends_with_exit_code_2_and_leaves_nothing(refused, name):
    assert {(refused[name, engine].code, *refused[name, engine].folders) for engine in ENGINES} == {
        (2,)
    }
