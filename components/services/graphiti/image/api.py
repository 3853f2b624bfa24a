"""The REST interface: what it takes, how much of it, and what it answers."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException, Path, Query
from fastapi.responses import JSONResponse
from graphiti_core.edges import EntityEdge
from ingest import Full, Queue, kind_of
from memory import Memory
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from settings import Settings
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("memory.api")

BODY_BYTES = 1024 * 1024
# About what an embedding model takes at once; the last words count most.
QUERY_CHARACTERS = 8000

Group = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Short = Annotated[str, StringConstraints(max_length=200)]
Most = Annotated[int, Field(ge=1, le=100)]
Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Said(Body):
    content: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    role_type: Literal["user", "assistant", "system"]
    role: Short | None = None
    name: Short = ""
    timestamp: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    source_description: Short = ""

    def text(self) -> str:
        return f"{self.role or ''}({self.role_type}): {self.content}"


class Messages(Body):
    group_id: Group
    messages: Annotated[list[Said], Field(min_length=1, max_length=50)]


class Search(Body):
    group_ids: Annotated[list[Group], Field(min_length=1, max_length=20)]
    query: Annotated[str, StringConstraints(min_length=1, max_length=QUERY_CHARACTERS)]
    max_facts: Most = 10


class Recall(Messages):
    max_facts: Most = 10
    center_node_uuid: Uuid | None = None


def create_app(settings: Settings) -> ASGIApp:
    memory = Memory(settings)
    queue = Queue(settings.ingest)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        queue.start()
        yield
        await queue.stop()

    app = FastAPI(title="Garrison memory", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.queue = queue

    @app.get("/healthcheck")
    async def healthcheck() -> JSONResponse:
        problems = [problem for problem in (queue.problem(), await database_problem(memory)) if problem is not None]
        status = {"status": "unhealthy", "problems": problems} if problems else {"status": "healthy"}
        return JSONResponse(status, 503 if problems else 200)

    @app.post("/messages", status_code=202)
    async def add(body: Messages) -> JSONResponse:
        try:
            ids = queue.put(body.group_id, [partial(remember, memory, body.group_id, said) for said in body.messages])
        except Full:
            return JSONResponse({"detail": "the queue is full"}, 503, {"Retry-After": "60"})
        return JSONResponse({"message": "Messages added to processing queue", "success": True, "ids": ids}, 202)

    @app.get("/messages")
    async def progress() -> dict[str, Any]:
        return {"waiting": queue.waiting, "done": queue.done, "failed": [asdict(failure) for failure in queue.failed]}

    @app.post("/search")
    async def search(body: Search) -> dict[str, Any]:
        return {"facts": [fact(edge) for edge in await memory.search(body.group_ids, body.query, body.max_facts)]}

    @app.post("/get-memory")
    async def recall(body: Recall) -> dict[str, Any]:
        query = "\n".join(said.text() for said in body.messages)[-QUERY_CHARACTERS:]
        edges = await memory.search([body.group_id], query, body.max_facts, body.center_node_uuid)
        return {"facts": [fact(edge) for edge in edges]}

    @app.get("/episodes/{group_id}")
    async def episodes(
        group_id: Annotated[Group, Path()], last_n: Annotated[int, Query(ge=1, le=100)] = 10
    ) -> list[dict[str, Any]]:
        found = await memory.episodes(group_id, last_n)
        wanted = {"uuid", "name", "group_id", "content", "source_description", "created_at", "valid_at"}
        return [episode.model_dump(mode="json", include=wanted) for episode in found]

    @app.delete("/group/{group_id}")
    async def forget(group_id: Annotated[Group, Path()]) -> JSONResponse:
        known = await memory.forget(group_id)
        message = "Group deleted" if known else "No such group"
        return JSONResponse({"message": message, "success": known}, 200 if known else 404)

    return Guarded(app)


async def remember(memory: Memory, group: str, said: Said) -> None:
    await memory.add(group, said.name, said.text(), said.source_description, said.timestamp)


async def database_problem(memory: Memory) -> str | None:
    try:
        await memory.ping()
    except Exception as error:  # noqa: BLE001
        return f"the database does not answer: {kind_of(error)}"
    return None


FACT = ("uuid", "name", "fact", "valid_at", "invalid_at", "created_at", "expired_at", "episodes")


def fact(edge: EntityEdge) -> dict[str, Any]:
    ends = {"source_node_uuid": edge.source_node_uuid, "target_node_uuid": edge.target_node_uuid}
    return edge.model_dump(mode="json", include=set(FACT)) | ends


class Guarded:
    """
    Counts what comes in, and keeps an error of the library from the log: its text may hold what somebody said. The
    server of the application would write it with its traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, counted(receive), send)
        except Exception as error:  # noqa: BLE001
            log.error("request failed", extra={"facts": {"path": scope["path"], "error": kind_of(error)}})


def counted(receive: Receive) -> Callable[[], Awaitable[Message]]:
    so_far = 0

    async def receive_counted() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > BODY_BYTES:
            raise HTTPException(413, f"a body has at most {BODY_BYTES} bytes")
        return message

    return receive_counted
