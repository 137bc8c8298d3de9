"""What a Knative Service may say: `knative_service.schema.json`."""

import json
from pathlib import Path

import jsonschema

SCHEMA = json.loads(Path(__file__).with_name("knative_service.schema.json").read_text())
AUTOSCALING_KEYS = SCHEMA["$defs"]["annotations"]["propertyNames"]["anyOf"][1]["enum"]
"""Every key that Knative's autoscaler has."""


def faults(service: dict) -> list[str]:
    """What is wrong with it; nothing for a good one."""
    return [each.message for each in jsonschema.Draft202012Validator(SCHEMA).iter_errors(service)]
