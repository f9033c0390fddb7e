"""A review as a text file (TOML): the criteria with the program's evidence, a blank for each judgement, filled in by hand.

The form names the version of the record that it was made for. It is signed for that version alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from audit.judging import Judgement
from audit.review.documents import Mark, Opinion, Pin
from audit.review.errors import FormWrong
from audit.review.shelf import Subject
from audit.rubric import Rubric
from audit.tables import check_schema, only_known, read_text, read_toml, text_in
from procedure.images import ImageRef

SCHEMA: Final = "sonofill-review-form/1"
_HEAD: Final = {
    "schema",
    "by",
    "study",
    "encounter",
    "record_sha256",
    "begun",
    "minutes",
    "comment",
    "criterion",
    "pin",
}
_ROW: Final = {"id", "verdict", "comment"}
_PIN: Final = {"criterion", "image", "frame", "column", "row", "comment"}
_LINE: Final = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form. `minutes` is what the reviewer says that it took; None where nothing is said."""

    by: str
    study: str
    encounter: str
    record_sha256: str
    begun: datetime
    minutes: float | None
    marks: tuple[Mark, ...]
    pins: tuple[Pin, ...]
    comment: str


def blank_form(
    subject: Subject,
    rubric: Rubric,
    judgements: Sequence[Judgement],
    by: str,
    begun: datetime,
    only: Sequence[str] = (),
) -> str:
    """The text of a form for a record, with the program's verdict, evidence and lacks as remarks; `only` some criteria."""
    words = " | ".join(Opinion)
    head = {
        "schema": SCHEMA,
        "by": by,
        "study": subject.record.study_instance_uid,
        "encounter": subject.encounter.encounter_uid,
        "record_sha256": subject.record_sha256,
    }
    lines = [f"# {rubric.name}, version {rubric.version}. A verdict is one of: {words}"]
    lines += [f"{key} = {_text(value)}" for key, value in head.items()]
    lines += [f"begun = {_text(begun.isoformat(timespec='seconds'))}"]
    lines += ["# How long it took you, without pauses, in minutes:", "# minutes = 12.5", 'comment = ""', ""]
    lines += ["# A comment on a place of a picture (as many as you like; frame from 1, column and row in pixels):"]
    lines += [
        '# [[pin]]\n# criterion = "AC1"\n# image = "UID"\n# frame = 1\n# column = 100\n# row = 80\n# comment = "…"',
        "",
    ]
    for judgement in judgements:
        if not only or judgement.criterion.id in only:
            lines += _row(judgement)
    return "\n".join(lines) + "\n"


def _row(judgement: Judgement) -> list[str]:
    criterion = judgement.criterion
    lines = [f"# {criterion.requirement}", f"# {criterion.question}", f"# The program: {judgement.verdict}"]
    for each in judgement.evidence:
        frame = "" if each.frame is None else f", frame {each.frame + 1}"
        lines.append(f"#   {each.file.name}{frame}: {each.what}")
    lines += [f"#   missing: {sentence}" for sentence in judgement.missing]
    lines = [_LINE.sub(" ", line) for line in lines]
    return [*lines, "[[criterion]]", f"id = {_text(criterion.id)}", 'verdict = ""', 'comment = ""', ""]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a basic string of TOML, for what has no control characters


def read_form(path: Path, judgements: Sequence[Judgement]) -> Filled:
    """What a form says. `judgements` are the program's, which the marks are stored beside.

    Raises FormWrong with the place, OSError where it cannot be read.
    """
    name = path.name
    content = read_toml(read_text(path, FormWrong), name, FormWrong)
    only_known(content, _HEAD, name, FormWrong)
    check_schema(content, SCHEMA, name, FormWrong)
    program = {judgement.criterion.id: judgement.verdict.value for judgement in judgements}
    marks = tuple(_mark(row, program, name) for row in _tables(content, "criterion", name))
    twice = {mark.criterion for mark in marks if [other.criterion for other in marks].count(mark.criterion) > 1}
    if twice:
        raise FormWrong(f"{name}: {sorted(twice)[0]} is judged twice.")
    minutes = content.get("minutes")
    if minutes is not None and (isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes < 0):
        raise FormWrong(f"{name}: minutes has to be a number.")
    try:
        begun = datetime.fromisoformat(text_in(content, "begun", name, FormWrong).strip())
    except ValueError as error:
        raise FormWrong(f"{name}: begun is no time.") from error
    if begun.tzinfo is None:
        raise FormWrong(f"{name}: begun has no offset from UTC.")
    return Filled(
        text_in(content, "by", name, FormWrong).strip(),
        text_in(content, "study", name, FormWrong).strip(),
        text_in(content, "encounter", name, FormWrong).strip(),
        text_in(content, "record_sha256", name, FormWrong).strip(),
        begun,
        None if minutes is None else float(minutes),
        marks,
        tuple(_pin(row, program, name) for row in _tables(content, "pin", name)),
        _comment(content, name),
    )


def _mark(row: dict[str, Any], program: dict[str, str], name: str) -> Mark:
    only_known(row, _ROW, name, FormWrong)
    criterion = text_in(row, "id", name, FormWrong).strip()
    if criterion not in program:
        raise FormWrong(f"{name}: the rubric has no criterion {criterion!r}.")
    verdict = row.get("verdict")
    if verdict not in list(Opinion):
        said = "is blank" if verdict == "" else f"is {verdict!r}"
        raise FormWrong(f"{name}, {criterion}: the verdict {said}: choose one of {', '.join(Opinion)}.")
    return Mark(
        criterion=criterion,
        opinion=Opinion(verdict),
        program=program[criterion],
        comment=_comment(row, f"{name}, {criterion}"),
    )


def _pin(row: dict[str, Any], program: dict[str, str], name: str) -> Pin:
    where = f"{name}, pin"
    only_known(row, _PIN, where, FormWrong)
    criterion = row.get("criterion", "")
    if criterion and criterion not in program:
        raise FormWrong(f"{where}: the rubric has no criterion {criterion!r}.")
    numbers: dict[str, float | None] = {}
    for key in ("frame", "column", "row"):
        value = row.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
            raise FormWrong(f"{where}: {key} has to be a number that is not negative.")
        numbers[key] = value
    if (numbers["column"] is None) != (numbers["row"] is None):
        raise FormWrong(f"{where}: column and row go together.")
    return Pin(
        criterion=criterion,
        image=ImageRef(image_uid=text_in(row, "image", where, FormWrong).strip(), frame=int(numbers["frame"] or 1) - 1),
        column=numbers["column"],
        row=numbers["row"],
        comment=text_in(row, "comment", where, FormWrong).strip(),
    )


def _tables(content: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    rows = content.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FormWrong(f"{name}: {key} has to be written as [[{key}]].")
    return rows


def _comment(table: dict[str, Any], where: str) -> str:
    value = table.get("comment", "")
    if not isinstance(value, str):
        raise FormWrong(f"{where}: comment has to be a text.")
    return value.strip()
