from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Nothing(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Ask(_message.Message):
    __slots__ = ("text", "delay_s", "replies", "code", "details", "reply_bytes")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    DELAY_S_FIELD_NUMBER: _ClassVar[int]
    REPLIES_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    REPLY_BYTES_FIELD_NUMBER: _ClassVar[int]
    text: str
    delay_s: float
    replies: int
    code: int
    details: str
    reply_bytes: int
    def __init__(self, text: _Optional[str] = ..., delay_s: _Optional[float] = ..., replies: _Optional[int] = ..., code: _Optional[int] = ..., details: _Optional[str] = ..., reply_bytes: _Optional[int] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("text", "index", "payload", "metadata")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TEXT_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    text: str
    index: int
    payload: bytes
    metadata: _containers.ScalarMap[str, str]
    def __init__(self, text: _Optional[str] = ..., index: _Optional[int] = ..., payload: _Optional[bytes] = ..., metadata: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Journal(_message.Message):
    __slots__ = ("started", "cancelled", "most_at_once", "peers", "started_s")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    MOST_AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    PEERS_FIELD_NUMBER: _ClassVar[int]
    STARTED_S_FIELD_NUMBER: _ClassVar[int]
    started: int
    cancelled: int
    most_at_once: int
    peers: _containers.RepeatedScalarFieldContainer[str]
    started_s: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, started: _Optional[int] = ..., cancelled: _Optional[int] = ..., most_at_once: _Optional[int] = ..., peers: _Optional[_Iterable[str]] = ..., started_s: _Optional[_Iterable[float]] = ...) -> None: ...
