"""The same row as `records.schema`, in Arrow's types."""

import pyarrow as pa

from records.schema import SCHEMA_VERSION

VERSION_KEY = b"schema_version"

ARROW_SCHEMA = pa.schema(
    [
        pa.field("k", pa.int64(), nullable=False),
        pa.field("phase", pa.string(), nullable=False),
        pa.field("method", pa.string(), nullable=False),
        pa.field("member", pa.string(), nullable=False),
        pa.field("intended_s", pa.float64(), nullable=False),
        pa.field("sent_s", pa.float64()),
        pa.field("received_s", pa.float64()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("code", pa.string()),
        pa.field("failure_class", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("http_status", pa.int32()),
        pa.field("instance_id", pa.string()),
        pa.field("instance_seq", pa.int64()),
        pa.field("pod", pa.string()),
        pa.field("spin_s", pa.float64()),
        pa.field("worker_queue_s", pa.float64()),
        pa.field("worker_wall_s", pa.float64()),
        pa.field("worker_cpu_s", pa.float64()),
        pa.field("throttled_s", pa.float64()),
        pa.field("channel", pa.int32()),
        pa.field("request_bytes", pa.int64()),
        pa.field("reply_bytes", pa.int64()),
    ],
    metadata={VERSION_KEY: str(SCHEMA_VERSION).encode()},
)
