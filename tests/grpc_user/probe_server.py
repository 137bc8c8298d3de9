"""`python -m tests.grpc_user.probe_server`: the probe service in a process without gevent."""

import argparse
import asyncio
import time
from pathlib import Path

import grpc
from grpc_reflection.v1alpha import reflection
from grpc_reflection.v1alpha.reflection_pb2 import DESCRIPTOR as REFLECTION

from tests.grpc_user import probe_pb2, probe_pb2_grpc

SERVICE = probe_pb2.DESCRIPTOR.services_by_name["Probe"].full_name
V1ALPHA = REFLECTION.services_by_name["ServerReflection"].full_name
V1 = V1ALPHA.replace("v1alpha", "v1")


class Probe(probe_pb2_grpc.ProbeServicer):
    def __init__(self):
        self.journal = probe_pb2.Journal()
        self.running = 0

    async def _began(self, context):
        self.running += 1
        self.journal.started += 1
        self.journal.started_s.append(time.monotonic())
        self.journal.most_at_once = max(self.journal.most_at_once, self.running)
        if context.peer() not in self.journal.peers:
            self.journal.peers.append(context.peer())

    async def _work(self, seconds):
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.journal.cancelled += 1
            raise

    async def _answers(self, ask, context, count):
        for index in range(count):
            await self._work(ask.delay_s)
            yield self._answer(ask, context, index)
        if ask.code:
            code = next(code for code in grpc.StatusCode if code.value[0] == ask.code)
            context.set_trailing_metadata((("trailing", "here"),))
            await context.abort(code, ask.details)

    async def _only_answer(self, ask, context):
        answers = [answer async for answer in self._answers(ask, context, 1)]
        return answers.pop()

    def _answer(self, ask, context, index):
        metadata = {name: str(value) for name, value in context.invocation_metadata()}
        payload = bytes(ask.reply_bytes)
        return probe_pb2.Answer(text=ask.text, index=index, payload=payload, metadata=metadata)

    async def One(self, request, context):  # noqa: N802 - as in the proto
        await self._began(context)
        try:
            return await self._only_answer(request, context)
        finally:
            self.running -= 1

    async def Many(self, request, context):  # noqa: N802 - as in the proto
        await self._began(context)
        try:
            async for answer in self._answers(request, context, request.replies):
                yield answer
        finally:
            self.running -= 1

    async def Gather(self, request_iterator, context):  # noqa: N802 - as in the proto
        await self._began(context)
        try:
            texts, last = [], probe_pb2.Ask()
            async for last in request_iterator:
                texts.append(last.text)
            joined = probe_pb2.Ask(delay_s=last.delay_s, code=last.code, text=" ".join(texts))
            return await self._only_answer(joined, context)
        finally:
            self.running -= 1

    async def Chat(self, request_iterator, context):  # noqa: N802 - as in the proto
        await self._began(context)
        try:
            async for ask in request_iterator:
                async for answer in self._answers(ask, context, max(1, ask.replies)):
                    yield answer
        finally:
            self.running -= 1

    async def Seen(self, request, context):  # noqa: N802 - as in the proto
        return self.journal


class ReflectionAt(grpc.GenericRpcHandler):
    """Server reflection under one version's name; both have the same messages."""

    def __init__(self, service):
        servicer = reflection.aio.ReflectionServicer([SERVICE])
        self._path = f"/{service}/ServerReflectionInfo"
        self._handler = grpc.stream_stream_rpc_method_handler(
            servicer.ServerReflectionInfo,
            request_deserializer=reflection._reflection_pb2.ServerReflectionRequest.FromString,
            response_serializer=reflection._reflection_pb2.ServerReflectionResponse.SerializeToString,
        )

    def service(self, details):
        return self._handler if details.method == self._path else None


def credentials(folder, client_ca):
    folder = Path(folder)
    pair = (folder / "server.key").read_bytes(), (folder / "server.pem").read_bytes()
    roots = (folder / "ca.pem").read_bytes() if client_ca else None
    return grpc.ssl_server_credentials([pair], roots, require_client_auth=client_ca)


async def serve(options):
    arguments = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", -1)]
    if options.max_streams:
        arguments.append(("grpc.max_concurrent_streams", options.max_streams))
    if options.max_age_ms:
        arguments.append(("grpc.max_connection_age_ms", options.max_age_ms))
    server = grpc.aio.server(options=arguments)
    probe_pb2_grpc.add_ProbeServicer_to_server(Probe(), server)
    if options.reflection:
        server.add_generic_rpc_handlers(
            (ReflectionAt({"v1": V1, "v1alpha": V1ALPHA}[options.reflection]),)
        )
    if options.tls:
        port = server.add_secure_port(options.address, credentials(options.tls, options.client_ca))
    else:
        port = server.add_insecure_port(options.address)
    await server.start()
    print(port, flush=True)  # noqa: T201 - whoever started us waits for it
    await server.wait_for_termination()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", default="127.0.0.1:0")
    parser.add_argument("--max-streams", type=int, default=0)
    parser.add_argument("--max-age-ms", type=int, default=0)
    parser.add_argument("--tls", default="")
    parser.add_argument("--client-ca", action="store_true")
    parser.add_argument("--reflection", choices=("", "v1", "v1alpha"), default="v1")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
