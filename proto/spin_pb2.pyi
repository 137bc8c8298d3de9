from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SpinRequest(_message.Message):
    __slots__ = ("request_id", "spin_us", "mode", "reply_bytes", "payload", "replies")
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        CPU: _ClassVar[SpinRequest.Mode]
        WALL: _ClassVar[SpinRequest.Mode]
    CPU: SpinRequest.Mode
    WALL: SpinRequest.Mode
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SPIN_US_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    REPLY_BYTES_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    REPLIES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    spin_us: int
    mode: SpinRequest.Mode
    reply_bytes: int
    payload: bytes
    replies: int
    def __init__(self, request_id: _Optional[str] = ..., spin_us: _Optional[int] = ..., mode: _Optional[_Union[SpinRequest.Mode, str]] = ..., reply_bytes: _Optional[int] = ..., payload: _Optional[bytes] = ..., replies: _Optional[int] = ...) -> None: ...

class SpinReply(_message.Message):
    __slots__ = ("request_id", "instance_id", "pod", "instance_seq", "ready_unix_us", "queue_us", "wall_us", "cpu_us", "throttled_us", "concurrency", "payload", "reply_index")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    POD_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_SEQ_FIELD_NUMBER: _ClassVar[int]
    READY_UNIX_US_FIELD_NUMBER: _ClassVar[int]
    QUEUE_US_FIELD_NUMBER: _ClassVar[int]
    WALL_US_FIELD_NUMBER: _ClassVar[int]
    CPU_US_FIELD_NUMBER: _ClassVar[int]
    THROTTLED_US_FIELD_NUMBER: _ClassVar[int]
    CONCURRENCY_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    REPLY_INDEX_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    instance_id: str
    pod: str
    instance_seq: int
    ready_unix_us: int
    queue_us: int
    wall_us: int
    cpu_us: int
    throttled_us: int
    concurrency: int
    payload: bytes
    reply_index: int
    def __init__(self, request_id: _Optional[str] = ..., instance_id: _Optional[str] = ..., pod: _Optional[str] = ..., instance_seq: _Optional[int] = ..., ready_unix_us: _Optional[int] = ..., queue_us: _Optional[int] = ..., wall_us: _Optional[int] = ..., cpu_us: _Optional[int] = ..., throttled_us: _Optional[int] = ..., concurrency: _Optional[int] = ..., payload: _Optional[bytes] = ..., reply_index: _Optional[int] = ...) -> None: ...
