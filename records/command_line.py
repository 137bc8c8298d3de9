"""A command line that answers bad input with one line."""

import argparse
from typing import NoReturn

BAD_CONFIGURATION = 2


class OneLineParser(argparse.ArgumentParser):
    """A parser without a page of usage before what is wrong."""

    def error(self, message: str) -> NoReturn:
        """Say it in one line and end with exit code 2."""
        self.exit(BAD_CONFIGURATION, f"{self.prog}: {message}\n")
