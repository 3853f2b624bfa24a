"""Starts the memory service with the settings of the file that is named."""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from api import create_app
from settings import read_settings


class Lines(logging.Formatter):
    """One JSON object a line: what happened, and facts that are no text of anybody's."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps(line | getattr(record, "facts", {}))


def set_up_logging() -> None:
    """The library and its clients repeat queries and answers in their errors: only what is named here is written."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Lines())
    logging.getLogger().addHandler(logging.NullHandler())
    for name in ("memory", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def main(arguments: list[str]) -> None:
    settings = read_settings(Path(arguments[0] if arguments else "/etc/graphiti/settings.json"))
    set_up_logging()
    app = create_app(settings)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=64,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
