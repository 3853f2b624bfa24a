"""The queue of messages, and the one worker that turns them into facts, in order."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from uuid import uuid4

from settings import Ingest

log = logging.getLogger("memory.ingest")

FAILURES_KEPT = 100


@dataclass(frozen=True)
class Job:
    id: str
    group: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Failure:
    """A message that was given up. Says why by the kind of error: its text may repeat the message."""

    id: str
    group_id: str
    error: str
    at: datetime


class Full(Exception):
    """The queue has no room for these messages."""


class Queue:
    """In memory: what waits is lost with the process."""

    def __init__(self, limits: Ingest) -> None:
        self._limits = limits
        self._waiting: asyncio.Queue[Job] = asyncio.Queue()
        self._failed: deque[Failure] = deque(maxlen=FAILURES_KEPT)
        self._worker: asyncio.Task[None] | None = None
        self._busy = False
        self._began: float | None = None
        self.done = 0

    def start(self) -> None:
        self._worker = asyncio.create_task(self._work(), name="ingest")

    async def stop(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        if self.waiting > 0:
            log.warning("messages lost", extra={"facts": {"count": self.waiting}})

    def put(self, group: str, runs: list[Callable[[], Awaitable[None]]]) -> list[str]:
        """All of them or none."""
        if self.waiting + len(runs) > self._limits.most:
            raise Full
        jobs = [Job(str(uuid4()), group, run) for run in runs]
        for job in jobs:
            self._waiting.put_nowait(job)
        return [job.id for job in jobs]

    @property
    def waiting(self) -> int:
        """The one that is worked on included."""
        return self._waiting.qsize() + self._busy

    @property
    def failed(self) -> list[Failure]:
        return list(self._failed)

    def problem(self) -> str | None:
        """Why messages are not being worked on, if they are not."""
        if self._worker is None or self._worker.done():
            return "the ingest worker has ended"
        if self._began is not None and monotonic() - self._began > self._limits.deadline + self._limits.grace:
            return "the ingest worker is stuck"
        return None

    async def _work(self) -> None:
        while True:
            self._busy = False
            job = await self._waiting.get()
            self._busy = True
            error = await self._attempt(job)
            if error is None:
                self.done += 1
            else:
                self._failed.append(Failure(job.id, job.group, error, datetime.now(UTC)))
                log.error("message given up", extra={"facts": {"id": job.id, "group": job.group, "error": error}})

    async def _attempt(self, job: Job) -> str | None:
        """Tries as often as it may; the kind of the last error where it does not succeed."""
        error = None
        for attempt in range(self._limits.attempts):
            if attempt > 0:
                await asyncio.sleep(self._limits.pause * attempt)
            self._began = monotonic()
            try:
                async with asyncio.timeout(self._limits.deadline):
                    await job.run()
                return None
            except Exception as raised:  # noqa: BLE001
                error = kind_of(raised)
                facts = {"id": job.id, "group": job.group, "error": error, "attempt": attempt + 1}
                log.warning("message failed", extra={"facts": facts})
            finally:
                self._began = None
        return error


def kind_of(error: BaseException) -> str:
    status = getattr(error, "status_code", None)
    return type(error).__name__ if status is None else f"{type(error).__name__} {status}"
