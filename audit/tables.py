"""Tables of the files that a person writes (rubrics, requirements, forms): known keys, texts that say something."""

from __future__ import annotations

import tomllib
from typing import Any

from audit.errors import AuditError


def read_toml(text: str, name: str, wrong: type[AuditError]) -> dict[str, Any]:
    """The tables of a text. Raises `wrong` with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise wrong(f"{name}: {error}.") from error


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
