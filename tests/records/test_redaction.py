import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.redaction import REDACTED, redacted

SECRET = "s3cr3t-QUJDREVG=="  # noqa: S105 - the text that must never come out

HIDING_PLACES = {
    "metadata-text": {"options": {"metadata": f"authorization=Bearer {SECRET}"}},
    "metadata-colon": {"options": {"metadata": f"authorization: Bearer {SECRET}"}},
    "metadata-second": {"options": {"metadata": f"a=1,authorization={SECRET}"}},
    "metadata-bare": {"options": {"metadata": SECRET}},
    "metadata-list": {"options": {"metadata": ["a=1", f"authorization={SECRET}"]}},
    "metadata-like-a-flag": {"options": {"metadata": [f"--{SECRET}"]}},
    "metadata-mapping": {"request": {"metadata": {"x-key": SECRET}}},
    "metadata-pairs": {"request": {"metadata": [["x-key", SECRET]]}},
    "plan": {"plans": [{"request": {"metadata": f"authorization=Bearer {SECRET}"}}]},
    "password": {"web_password": SECRET},
    "flag-name": {"--web-password": SECRET},
    "api-key": {"api-key": SECRET},
    "token": {"bearer_token": SECRET},
    "environment": {"host": {"env": {"FLASK_SECRET_KEY": SECRET}}},
    "command-line": {"command": ["locust", "--metadata", f"a={SECRET}", "--rps", "10"]},
    "command-line-joined": {"command": ["locust", f"--metadata=a={SECRET}"]},
    "user-in-address": {"host": f"grpcs://me:{SECRET}@target:443"},
}

HARMLESS = {
    "options": {
        "tls_key": "/etc/keys/client.key",
        "tls_ca": "/etc/keys/ca.pem",
        "authority": "worker.default.example.com",
        "rps": "10",
        "host": "grpcs://target:443,grpc://other:80",
        "data": '{"spin_us": 100000}',
    },
    "command": ["locust", "--rps", "10", "--host", "grpc://target:80", "--headless"],
    "seed": 42,
    "finished": False,
    "git": None,
}


@pytest.mark.parametrize("value", HIDING_PLACES.values(), ids=HIDING_PLACES.keys())
def test_a_secret_does_not_come_out(value):
    text = json.dumps(redacted(value))
    assert "s3cr3t" not in text
    assert REDACTED in text


def test_what_is_no_secret_stays_as_it_is():
    assert redacted(HARMLESS) == HARMLESS


def test_the_words_around_a_secret_stay():
    command = ["locust", "--metadata", f"a={SECRET}", "--rps", "10"]
    assert redacted({"command": command})["command"] == [
        "locust", "--metadata", f"a={REDACTED}", "--rps", "10",
    ]  # fmt: skip


def test_metadata_keeps_its_key_so_that_one_sees_what_was_sent():
    assert redacted({"metadata": [f"authorization={SECRET}"]}) == {
        "metadata": [f"authorization={REDACTED}"]
    }


def test_an_option_that_was_not_given_still_shows_so():
    assert redacted({"metadata": "", "password": None}) == {"metadata": "", "password": None}


@given(st.text(min_size=8, alphabet=st.characters(categories=["Ll", "Nd"])))
def test_no_part_of_any_password_is_kept(password):
    assert redacted({"password": password}) == {"password": REDACTED}
