"""Who may use the web page: a user and the hash of a password, from a file or the environment."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

from openloop.errors import StartRefused

USER_VARIABLE = "LOCUST_WEB_USER"
HASH_VARIABLE = "LOCUST_WEB_PASSWORD_HASH"
SCHEME = "scrypt:"
NOBODYS_HASH = f"{SCHEME}32768:8:1$AAAAAAAAAAAAAAAA${'0' * 128}"
"""As costly to check as a real one."""
MAKE_ONE = "make one with: python -m openloop.login hash USER"


@dataclass(frozen=True)
class Credentials:
    """Password hashes by user; its repr does not show them."""

    hashes: Mapping[str, str] = field(repr=False)

    def match(self, user: str, password: str) -> bool:
        """Whether this user has this password; takes as long for a user that does not exist.

        About 60 ms of CPU time: keep it off the hub.
        """
        stored, exists = NOBODYS_HASH, False
        for name, its_hash in self.hashes.items():
            if hmac.compare_digest(name.encode(), user.encode()):
                stored, exists = its_hash, True
        # The password is looked at whether or not the user exists.
        return check_password_hash(stored, password) and exists


def hashed(password: str) -> str:
    """The salted scrypt hash of a password (RFC 7914), as werkzeug writes it."""
    return generate_password_hash(password, "scrypt")


def read_credentials(file: str, environment: Mapping[str, str]) -> Credentials | None:
    """From the file if one is named, else from the environment; None when neither says anything.

    Args:
        file: Path of `--web-credentials`, or "".
        environment: The process's environment.

    Raises:
        StartRefused: when what is there cannot be used.
    """
    if file:
        return _from_file(Path(file))
    user, its_hash = environment.get(USER_VARIABLE, ""), environment.get(HASH_VARIABLE, "")
    if not user and not its_hash:
        return None
    if not user or not its_hash:
        missing = HASH_VARIABLE if user else USER_VARIABLE
        raise StartRefused(f"{missing} is not set; valid: both it and its counterpart")
    _check_hash(its_hash, HASH_VARIABLE)
    return Credentials({user: its_hash})


def _from_file(path: Path) -> Credentials:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StartRefused(f"--web-credentials {path} cannot be read: {error}") from None
    hashes = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        user, colon, its_hash = line.strip().partition(":")
        if not user or not colon:
            raise StartRefused(f"--web-credentials {path}, line {number}: no user:hash; {MAKE_ONE}")
        _check_hash(its_hash, f"--web-credentials {path}, line {number}")
        hashes[user] = its_hash
    if not hashes:
        raise StartRefused(f"--web-credentials {path} names no user; {MAKE_ONE}")
    return Credentials(hashes)


def _check_hash(text: str, where: str) -> None:
    """Refuse a password in the place of its hash, without repeating it."""
    if not text.startswith(SCHEME) or text.count("$") != 2:  # noqa: PLR2004 - method$salt$hash
        raise StartRefused(f"{where}: no scrypt hash; {MAKE_ONE}")
