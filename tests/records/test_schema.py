import subprocess
import sys
from typing import get_type_hints

import pytest

from records.arrow_schema import ARROW_SCHEMA
from records.schema import COLUMNS, SCHEMA_VERSION, CallRecord
from tests.records.fakes import ROOT

PYTHON_TYPES = {"int64": int, "int32": int, "double": float, "string": str}


def test_version_1_has_these_columns_in_this_order():
    assert SCHEMA_VERSION == 1
    assert COLUMNS == (
        "k", "phase", "method", "member", "intended_s", "sent_s", "received_s", "status", "code",
        "failure_class", "detail", "http_status", "instance_id", "instance_seq", "pod", "spin_s",
        "worker_queue_s", "worker_wall_s", "worker_cpu_s", "throttled_s", "channel",
        "request_bytes", "reply_bytes",
    )  # fmt: skip


def test_arrow_has_the_same_columns_as_the_named_tuple():
    assert tuple(ARROW_SCHEMA.names) == COLUMNS


@pytest.mark.parametrize("name", COLUMNS)
def test_arrow_types_follow_the_annotations(name):
    field = ARROW_SCHEMA.field(name)
    python = PYTHON_TYPES[str(field.type)]
    assert get_type_hints(CallRecord)[name] == (python | None if field.nullable else python)


def test_a_row_of_which_nothing_more_is_known_was_not_sent():
    row = CallRecord(k=3, phase="measured", method="", member="local", intended_s=0.1)
    assert (row.status, row.sent_s, row.received_s) == ("unsent", None, None)


def test_the_generator_loads_neither_pyarrow_nor_gevent_with_its_side():
    program = (
        "import sys, records.sink, records.manifest, records.summary_file, records.run_folder;"
        "print([name for name in ('pyarrow', 'numpy', 'gevent', 'locust') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
