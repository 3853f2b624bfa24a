"""What the server is told: one JSON file, and two files beside it that hold a secret each."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Models(Part):
    """Who extracts facts and who embeds them. Facts embedded by one model are not found by another's vectors."""

    url: str
    extraction: str
    embedding: str
    key_file: Path
    ca_file: Path | None = None


class Database(Part):
    host: str
    port: Annotated[int, Field(ge=1, le=65535)]
    user: str
    password_file: Path


class Ingest(Part):
    """How long a message may take. Times in seconds."""

    attempts: Annotated[int, Field(ge=1)] = 3
    pause: Annotated[float, Field(ge=0)] = 5
    deadline: Annotated[float, Field(gt=0)] = 300
    # Beyond its deadline a message that does not end has stopped the worker.
    grace: Annotated[float, Field(ge=0)] = 30
    most: Annotated[int, Field(ge=1)] = 1000


class Settings(Part):
    host: str = "0.0.0.0"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    models: Models
    database: Database
    ingest: Ingest = Ingest()


def read_settings(path: Path) -> Settings:
    """Ends the program with everything that is wrong with the file, and with none of its values."""
    try:
        return Settings.model_validate(json.loads(path.read_text()))
    except (OSError, json.JSONDecodeError) as error:
        give_up(path, [f"{type(error).__name__}: {getattr(error, 'strerror', None) or getattr(error, 'msg', '')}"])
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        give_up(path, [f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in found])


def read_secret(path: Path) -> str:
    try:
        value = path.read_text().strip()
    except OSError as error:
        give_up(path, [f"{type(error).__name__}: {error.strerror}"])
    if value == "":
        give_up(path, ["the file is empty; expected a secret"])
    return value


def give_up(path: Path, problems: list[str]) -> NoReturn:
    print("\n".join([f"{path} cannot be used:", *(f"  {one}" for one in problems)]), file=sys.stderr)
    sys.exit(2)
