from argparse import ArgumentParser
from types import SimpleNamespace

import pytest

from openloop.errors import StartRefused
from openloop.web_address import check_address, default_to_loopback, is_loopback

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what must not happen by accident


def page(host, web_login=False):
    return SimpleNamespace(host=host, web_login=web_login)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_login(host):
    check_address(page(host), is_open=False)


@pytest.mark.parametrize("host", ["", EVERYWHERE, "::", "10.0.0.7", "pod.example", "127.0.0.1.nip"])
def test_other_addresses_are_refused_in_one_line(host):
    with pytest.raises(StartRefused) as refused:
        check_address(page(host), is_open=False)
    assert "--web-open" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_login_or_saying_so_opens_them():
    check_address(page(EVERYWHERE, web_login=True), is_open=False)
    check_address(page(EVERYWHERE), is_open=True)


def test_without_a_host_the_page_listens_on_loopback():
    parser = ArgumentParser()
    parser.add_argument("--web-host", default="", help="all interfaces")
    default_to_loopback(parser)
    assert is_loopback(parser.parse_args([]).web_host)
    assert parser.parse_args(["--web-host", "*"]).web_host == "*"
