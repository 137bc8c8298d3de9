"""Why a file does not get home."""

from http import HTTPStatus


class Refused(Exception):
    """The depot does not take a file or has not what is asked for; `str(error)` is one line.

    Attributes:
        status: The HTTP status that says it.
    """

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class TornUpload(Exception):
    """The sender was gone before the file's end; nothing of it is kept."""


class NotDelivered(Exception):
    """The file may get through another time: the depot is away, busy or full."""


class NeverDelivered(Exception):
    """The depot refuses this file as it is; trying again is useless."""
