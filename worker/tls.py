"""Server certificates, checked before the server starts so that a fault is named."""

import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc

from worker.errors import CannotServe


@dataclass(frozen=True)
class TlsFiles:
    """PEM files: the server's chain and key, and whose client certificates are asked for."""

    cert: Path
    key: Path
    client_ca: Path | None = None


def server_credentials(files: TlsFiles) -> grpc.ServerCredentials:
    """Credentials for TLS, and for mutual TLS when there is a client CA.

    Raises:
        CannotServe: a file cannot be read, is not PEM, or key and certificate do not match.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(files.cert, files.key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CannotServe(
            f"--tls-cert {files.cert} with --tls-key {files.key} cannot be used: {error}; "
            "valid: a PEM chain and its unencrypted PEM key"
        ) from None
    client_ca = None if files.client_ca is None else _client_ca(context, files.client_ca)
    pair = (files.key.read_bytes(), files.cert.read_bytes())
    return grpc.ssl_server_credentials(
        [pair], root_certificates=client_ca, require_client_auth=client_ca is not None
    )


def _client_ca(context: ssl.SSLContext, path: Path) -> bytes:
    try:
        context.load_verify_locations(path)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise CannotServe(
            f"--tls-client-ca {path} cannot be used: {error}; valid: a PEM file of certificates"
        ) from None
