"""A stub of Temporal's frontend, from the messages of the PyPI package: no real server can be had here."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

import grpc
from temporalio.api.workflowservice import v1 as api

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

SERVICE = "temporal.api.workflowservice.v1.WorkflowService"


class StubFrontend:
    """Answers DescribeTaskQueue and DescribeSchedule with what it was given."""

    def __init__(self) -> None:
        self.queues: dict[tuple[str, int], Any] = {}
        self.schedules: dict[str, Any] = {}
        self.fault: grpc.StatusCode | None = None
        self.hang = threading.Event()
        self.hang.set()
        self._server = grpc.server(ThreadPoolExecutor(8))
        methods = {
            "GetSystemInfo": self._method(api.GetSystemInfoRequest, lambda _: api.GetSystemInfoResponse()),
            "DescribeTaskQueue": self._method(
                api.DescribeTaskQueueRequest, lambda asked: self.queues[asked.task_queue.name, asked.task_queue_type]
            ),
            "DescribeSchedule": self._method(
                api.DescribeScheduleRequest, lambda asked: self.schedules[asked.schedule_id]
            ),
        }
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def _method(self, request: Any, answer: Callable[[Any], Any]) -> grpc.RpcMethodHandler:
        def handle(asked: Any, context: grpc.ServicerContext) -> Any:
            self.hang.wait(30)
            if self.fault is not None:
                context.abort(self.fault, "as asked")
            return answer(asked)

        return grpc.unary_unary_rpc_method_handler(
            handle, request_deserializer=request.FromString, response_serializer=lambda reply: reply.SerializeToString()
        )

    def backlog(self, name: str, number: int, count: int, age: float, *polled: float) -> None:
        """Let a task queue have a backlog, and pollers that asked so many seconds ago."""
        reply = api.DescribeTaskQueueResponse()
        reply.stats.approximate_backlog_count = count
        reply.stats.approximate_backlog_age.FromMilliseconds(int(age * 1000))
        for seconds in polled:
            reply.pollers.add(identity="1@host").last_access_time.FromMilliseconds(int((time.time() - seconds) * 1000))
        self.queues[name, number] = reply

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang.set()
        self._server.stop(None).wait(5)
