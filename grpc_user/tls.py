"""TLS of the client's side, from files; never a silent fall back to plain text."""

import ssl
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import grpc

from shapes.errors import InvalidValue


@dataclass(frozen=True)
class TlsFiles:
    """PEM files; '' = not given.

    Attributes:
        ca: Roots to trust in place of the system's.
        cert: Our certificate chain, for mutual TLS.
        key: The key of `cert`.
    """

    ca: str = ""
    cert: str = ""
    key: str = ""

    @property
    def given(self) -> bool:
        """Whether any file asks for TLS."""
        return bool(self.ca or self.cert or self.key)


def check_tls_files(files: TlsFiles) -> None:
    """Refuse a certificate without its key, and files that cannot be read.

    Raises:
        InvalidValue: naming the option and the file.
    """
    if bool(files.cert) != bool(files.key):
        given, missing = ("cert", "key") if files.cert else ("key", "cert")
        raise InvalidValue(
            f"--grpc-tls-{given} without --grpc-tls-{missing}; valid: both, or neither"
        )
    for option, path in (("ca", files.ca), ("cert", files.cert), ("key", files.key)):
        if path:
            _read(option, path)


def channel_credentials(files: TlsFiles) -> grpc.ChannelCredentials:
    """What grpc needs to open a TLS channel.

    Raises:
        InvalidValue: naming the file that cannot be read.
    """
    return grpc.ssl_channel_credentials(
        root_certificates=_read("ca", files.ca) if files.ca else None,
        private_key=_read("key", files.key) if files.key else None,
        certificate_chain=_read("cert", files.cert) if files.cert else None,
    )


def probe_context(files: TlsFiles) -> ssl.SSLContext:
    """The same trust for a bare socket that speaks HTTP/2.

    Kept while the files stay as they are: reading the system's roots takes 20 ms, in which nothing
    else runs, and connections are renewed while calls are sent.

    Raises:
        OSError: when a file cannot be read.
    """
    given = (path for path in (files.ca, files.cert, files.key) if path)
    return _context(files, tuple(Path(path).stat().st_mtime_ns for path in given))


@lru_cache(maxsize=4)
def _context(files: TlsFiles, _changed_ns: tuple[int, ...]) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=files.ca or None)
    if files.cert:
        context.load_cert_chain(files.cert, files.key)
    context.set_alpn_protocols(["h2"])
    return context


def _read(option: str, path: str) -> bytes:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InvalidValue(f"--grpc-tls-{option} {path}: {error.strerror}") from None
    if b"-----BEGIN" not in data:
        raise InvalidValue(f"--grpc-tls-{option} {path}: no PEM text in it; valid: a PEM file")
    return data
