"""Names by which Knative marks what belongs to a Service."""

import argparse
import re

SERVICE_LABEL = "serving.knative.dev/service"
REVISION_LABEL = "serving.knative.dev/revision"
SYSTEM_NAMESPACE = "knative-serving"

_NAME = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_SERVICE = re.compile(rf"(?P<namespace>{_NAME})/(?P<name>{_NAME})")


def parse_service_name(text: str) -> tuple[str, str]:
    """Namespace and name of NAMESPACE/NAME; for `type=` of argparse.

    Raises:
        argparse.ArgumentTypeError: quoting what was given and what is valid.
    """
    match = _SERVICE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(
            f"a Knative Service is given as NAMESPACE/NAME, as loadtest/worker; not {text!r}"
        )
    return match["namespace"], match["name"]
