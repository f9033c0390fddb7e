"""Rubrics as files: the course's own in `rubrics/`, a clinic's anywhere. A wrong file is refused with its place and rule."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any, Final

from audit.checks import CHECKS
from audit.errors import RubricWrong
from audit.rubric import Criterion, Rubric
from audit.tables import check_schema, only_known, read_text, read_toml, rows_in, text_in

SCHEMA: Final = "sonofill-rubric/1"
_HEAD: Final = {"schema", "name", "version", "source", "criterion"}
_ROW: Final = {"id", "requirement", "question", "checks", "objectives"}


#: Rubrics that come with the program, by name.
BUILT_IN: Final = ("course", "squalus")


def course_rubric() -> Rubric:
    """The 23 criteria of the course (clinical reference, section 5)."""
    return built_in_rubric("course")


def built_in_rubric(name: str) -> Rubric:
    """One of `BUILT_IN`: the course's, or the field's form for the quality of pictures. KeyError for another name."""
    if name not in BUILT_IN:
        raise KeyError(name)
    file = resources.files("audit") / "rubrics" / f"{name}.toml"
    return _rubric(file.read_text("utf-8"), file.name)


def read_rubric(path: Path) -> Rubric:
    """A rubric of a clinic's own. Raises RubricWrong, with line and rule; OSError where it cannot be read."""
    return _rubric(read_text(path, RubricWrong), path.name)


def _rubric(text: str, name: str) -> Rubric:
    content = read_toml(text, name, RubricWrong)
    only_known(content, _HEAD, name, RubricWrong)
    check_schema(content, SCHEMA, name, RubricWrong)
    rows = rows_in(content, "criterion", name, RubricWrong)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[criterion]]"]
    places = (
        [f"line {line}" for line in lines] if len(lines) == len(rows) else [f"row {n}" for n in range(1, len(rows) + 1)]
    )
    criteria = tuple(_criterion(row, f"{name}, {place}") for row, place in zip(rows, places, strict=True))
    twice = {c.id for c in criteria if [other.id for other in criteria].count(c.id) > 1}
    if twice:
        raise RubricWrong(f"{name}: two criteria have one id: {', '.join(sorted(twice))}.")
    words = {key: text_in(content, key, name, RubricWrong) for key in ("name", "version", "source")}
    return Rubric(words["name"], words["version"], words["source"], criteria)


def _criterion(row: Any, where: str) -> Criterion:
    if not isinstance(row, dict):
        raise RubricWrong(f"{where}: it has to be a table of {', '.join(sorted(_ROW))}.")
    only_known(row, _ROW, where, RubricWrong)
    checks = _texts(row, "checks", where)
    for check in checks:
        if check not in CHECKS:
            raise RubricWrong(f"{where}: there is no check {check!r}: choose among {', '.join(sorted(CHECKS))}.")
    return Criterion(
        text_in(row, "id", where, RubricWrong),
        text_in(row, "requirement", where, RubricWrong),
        text_in(row, "question", where, RubricWrong),
        checks,
        _texts(row, "objectives", where) if "objectives" in row else (),
    )


def _texts(table: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = table.get(key)
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RubricWrong(f"{where}: {key} has to be a list of texts.")
    return tuple(value)
