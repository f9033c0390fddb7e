"""What a portfolio has to hold, as a file: the course's own here, a provider's anywhere; a wrong one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from audit.errors import RubricWrong
from audit.portfolio.counters import COUNTERS
from audit.tables import check_schema, only_known, read_text, read_toml, rows_in, text_in

SCHEMA: Final = "sonofill-portfolio/1"
_HEAD: Final = {"schema", "name", "version", "source", "count"}
_ROW: Final = {"id", "what", "counts", "needed"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `counts` is a name of `audit.portfolio.COUNTERS`; `needed` how many, None where the course does not say."""

    id: str
    what: str
    counts: str
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A versioned list of rows. `source` says where it comes from."""

    name: str
    version: str
    source: str
    rows: tuple[Row, ...]


def course_requirement() -> Requirement:
    """What the course's page asks for; the numbers that it does not name are blank."""
    file = resources.files("audit") / "portfolio" / "course.toml"
    return _requirement(file.read_text("utf-8"), "course.toml")


def read_requirement(path: Path) -> Requirement:
    """A provider's own. Raises RubricWrong, with row and rule; OSError where it cannot be read."""
    return _requirement(read_text(path, RubricWrong), path.name)


def _requirement(text: str, name: str) -> Requirement:
    content = read_toml(text, name, RubricWrong)
    check_schema(content, SCHEMA, name, RubricWrong)
    rows = rows_in(content, "count", name, RubricWrong)
    only_known(content, _HEAD, name, RubricWrong)
    read = tuple(_row(row, f"{name}, row {number}") for number, row in enumerate(rows, 1))
    twice = sorted({row.id for row in read if [other.id for other in read].count(row.id) > 1})
    if twice:
        raise RubricWrong(f"{name}: two rows have one id: {', '.join(twice)}.")
    return Requirement(
        text_in(content, "name", name, RubricWrong),
        text_in(content, "version", name, RubricWrong),
        text_in(content, "source", name, RubricWrong),
        read,
    )


def _row(row: Any, where: str) -> Row:
    if not isinstance(row, dict):
        raise RubricWrong(f"{where}: it has to be a table of {', '.join(sorted(_ROW))}.")
    only_known(row, _ROW, where, RubricWrong)
    counts, needed = text_in(row, "counts", where, RubricWrong), row.get("needed")
    if counts not in COUNTERS:
        raise RubricWrong(f"{where}: {counts!r} cannot be counted: choose among {', '.join(sorted(COUNTERS))}.")
    if needed is not None and (not isinstance(needed, int) or isinstance(needed, bool) or not 0 < needed <= 10_000):
        raise RubricWrong(f"{where}: needed has to be a whole number from 1, or left out where no number is known.")
    return Row(text_in(row, "id", where, RubricWrong), text_in(row, "what", where, RubricWrong), counts, needed)
