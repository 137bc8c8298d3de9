"""Calls without generated code: by server reflection, and by a file of descriptors."""

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from hypothesis import given
from hypothesis import strategies as st

from grpc_user.descriptors import method_from, pool_of, read_protoset
from grpc_user.errors import DescriptorError
from grpc_user.json_call import JsonCall
from grpc_user.method import Method
from grpc_user.reflection import fetch_files
from grpc_user.spin_user import SpinUser
from tests.grpc_user import probe_pb2

PROBE = FileDescriptorProto.FromString(probe_pb2.DESCRIPTOR.serialized_pb)


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
def test_a_service_is_described_by_reflection_of_either_version(
    start_probe, new_transport, version
):
    server = start_probe("--reflection", version)
    files = fetch_files(new_transport(server.host), "probe.v1.Probe", timeout_s=5)
    assert PROBE.name in {file.name for file in files}


@pytest.mark.parametrize(
    ("service", "flags", "said"),
    [
        pytest.param("probe.v1.Probe", ("--reflection", ""), "no server reflection", id="none"),
        pytest.param("no.Such", (), "does not know no.Such", id="unknown-service"),
    ],
)
def test_a_service_that_is_not_described_is_said(start_probe, new_transport, service, flags, said):
    transport = new_transport(start_probe(*flags).host)
    with pytest.raises(DescriptorError, match=said):
        fetch_files(transport, service, timeout_s=5)


def test_a_target_that_is_down_is_said(new_transport):
    with pytest.raises(DescriptorError, match="UNAVAILABLE"):
        fetch_files(new_transport("127.0.0.1:1"), "probe.v1.Probe", timeout_s=5)


@pytest.mark.parametrize(
    ("method", "data", "replies"),
    [
        pytest.param("One", '{"text": "a"}', 1, id="unary"),
        pytest.param("Many", '{"replies": 3}', 3, id="server-stream"),
        pytest.param("Gather", '[{"text": "a"}, {"text": "b"}]', 1, id="client-stream"),
        pytest.param("Chat", '[{"text": "a"}, {"text": "b"}]', 2, id="both-streams"),
    ],
)
def test_the_spin_user_makes_the_planned_call_of_each_kind(new_run, probe, method, data, replies):
    run = new_run(probe.host, SpinUser, call=f"probe.v1.Probe/{method}", data=data)
    user = run.user(SpinUser)
    run.do(user.send)
    assert run.outcome.status == "ok"
    assert run.events[-1]["name"] == f"/probe.v1.Probe/{method}"
    assert run.outcome.reply_bytes >= replies - 1


def test_each_arrival_sends_the_row_of_its_seed_and_number(new_run, probe, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f'{{"text": "row {n}"}}\n' for n in range(100)), encoding="utf-8")
    texts = []
    for _ in range(2):
        run = new_run(probe.host, SpinUser, call="probe.v1.Probe/One", data=f"@{path}")
        user = run.user(SpinUser)
        for _ in range(5):
            run.do(user.send)
        texts.append([event["response"].text for event in run.events])
    assert texts[0] == texts[1]
    assert len(set(texts[0])) > 1


def test_a_protoset_serves_where_there_is_no_reflection(new_run, start_probe, tmp_path):
    path = tmp_path / "probe.protoset"
    path.write_bytes(FileDescriptorSet(file=[PROBE]).SerializeToString())
    server = start_probe("--reflection", "")
    run = new_run(server.host, SpinUser, call="probe.v1.Probe/One", protoset=str(path))
    run.do(run.user(SpinUser).send)
    assert run.outcome.status == "ok"


def test_any_user_can_call_by_name(run):
    user = run.user()
    reply = run.do(lambda: user.call("probe.v1.Probe/One", {"text": "hello"}, name="hello"))
    assert reply.text == "hello"
    assert run.events[0]["name"] == "hello"
    replies = run.do(lambda: list(user.call("probe.v1.Probe/Many", {"replies": 2})))
    assert len(replies) == 2


def test_an_unknown_method_is_said_with_the_known_ones():
    with pytest.raises(DescriptorError, match="valid: Chat, Gather, Many, One, Seen"):
        method_from(pool_of([PROBE]), "/probe.v1.Probe/Two")


@pytest.mark.parametrize("row", [{"no_such_field": 1}, {"delay_s": "soon"}, {"text": 3}])
def test_data_that_does_not_fit_is_said_with_the_messages_name(row):
    with pytest.raises(DescriptorError, match=r"is no probe\.v1\.Ask"):
        method_from(pool_of([PROBE]), "/probe.v1.Probe/One").encoded(row)


def test_a_missing_import_is_named():
    importer = FileDescriptorProto(name="a.proto", dependency=["missing.proto"])
    with pytest.raises(DescriptorError, match=r"a\.proto imports missing\.proto"):
        pool_of([importer])


def test_protobufs_own_files_need_not_be_there():
    importer = FileDescriptorProto(name="a.proto", dependency=["google/protobuf/timestamp.proto"])
    assert pool_of([importer]).FindFileByName("a.proto").name == "a.proto"


@pytest.mark.parametrize("content", [b"\xff\xff\xff", None], ids=["garbage", "missing"])
def test_a_bad_protoset_is_said(tmp_path, content):
    path = tmp_path / "bad"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DescriptorError, match="--protoset"):
        read_protoset(str(path))


@given(st.integers(0, 2**31), st.integers(0, 10_000))
def test_rows_are_always_in_range(seed, k):
    call = JsonCall(Method("/a/b"), (b"0", b"1", b"2"))
    assert call.request(seed, k) in call.requests
