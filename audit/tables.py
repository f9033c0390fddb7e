"""Tables of the files that a person writes (rubrics, requirements, forms): known keys, texts that say something."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from audit.errors import AuditError


def read_text(path: Path, wrong: type[AuditError]) -> str:
    """The text of a file. Raises `wrong` where it is none; OSError where it cannot be read."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise wrong(f"{path.name}: it is not UTF-8 text (byte {error.start}).") from error


def read_toml(text: str, name: str, wrong: type[AuditError]) -> dict[str, Any]:
    """The tables of a text. Raises `wrong` with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise wrong(f"{name}: {error}.") from error


def check_schema(content: dict[str, Any], schema: str, name: str, wrong: type[AuditError]) -> None:
    """Raises `wrong` where the file is of another schema, or says none."""
    if content.get("schema") != schema:
        raise wrong(f'{name}: schema is {content.get("schema")!r}, it has to be "{schema}".')


def rows_in(content: dict[str, Any], key: str, name: str, wrong: type[AuditError]) -> list[Any]:
    """The tables of a [[key]]. Raises `wrong` where there is none."""
    rows = content.get(key)
    if not isinstance(rows, list) or not rows:
        raise wrong(f"{name}: it has no [[{key}]].")
    return rows


def only_known(table: dict[str, Any], known: set[str], where: str, wrong: type[AuditError]) -> None:
    """Raises `wrong` for a key that is none of `known`."""
    for key in table:
        if key not in known:
            raise wrong(f"{where}: {key!r} is not known: choose among {', '.join(sorted(known))}.")


def text_in(table: dict[str, Any], key: str, where: str, wrong: type[AuditError]) -> str:
    """The text of a key. Raises `wrong` where there is none, or a blank one."""
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise wrong(f"{where}: {key} has to be a text that is not blank.")
    return value
