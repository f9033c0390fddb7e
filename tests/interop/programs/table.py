"""The table of programs: what each test saw a program do with an object, and what the committed table says of it.

A test tells its cells as it goes. At its end they must be those of docs/reference/programs.json, no more and no fewer, of
which docs/reference/programs.md is made. `SONOFILL_PROGRAMS=write` writes them there instead (then make the page anew).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

TABLE: Final = Path(__file__).parents[3] / "docs" / "reference" / "programs.json"
Question = Literal["opens", "length", "time", "places", "labels", "text"]


@dataclass
class Told:
    """What one test saw. `version` is the program's, as it tells it."""

    test: str
    program: str
    version: str
    cells: dict[tuple[str, str], tuple[bool, str]] = field(default_factory=dict)

    def saw(self, thing: str, question: Question, answer: object, note: str = "") -> None:
        """The program's cell for an object and a question. A `note` says what is not as one would expect."""
        self.cells[thing, question] = bool(answer), note

    def settle(self, write: bool) -> None:
        """Writes the cells, or compares them. Raises AssertionError where the table says something else.

        A program of another version than the table's may do more than the table says, but not less.
        """
        table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {"programs": {}, "cells": []}
        if write:
            self._write(table)
            return
        said = {(c["thing"], c["question"]): c for c in table["cells"] if c["test"] == self.test}
        same = table["programs"].get(self.program) == self.version
        assert set(self.cells) == set(said), "the table has other cells of this test: SONOFILL_PROGRAMS=write"
        for cell, (answer, note) in self.cells.items():
            expected = said[cell]["answer"] == "yes"
            assert answer == expected or (not same and answer), (self.program, *cell, note, said[cell])
            assert not same or answer != expected or note == said[cell]["note"], (self.program, *cell, note, said[cell])

    def _write(self, table: dict[str, object]) -> None:
        programs, old = table["programs"], table["cells"]
        assert isinstance(programs, dict) and isinstance(old, list)
        programs[self.program] = self.version
        cells = [c for c in old if c["test"] != self.test]
        cells += [
            {"thing": thing, "question": question, "program": self.program, "answer": "yes" if answer else "no",
             "note": note, "test": self.test}
            for (thing, question), (answer, note) in self.cells.items()
        ]  # fmt: skip
        cells.sort(key=lambda c: (c["program"], c["thing"], c["question"]))
        lines = ",\n".join("  " + json.dumps(c, ensure_ascii=False) for c in cells)
        head = json.dumps(dict(sorted(programs.items())), ensure_ascii=False, indent=1)
        TABLE.write_text(f'{{"programs": {head},\n"cells": [\n{lines}\n]}}\n', encoding="utf-8")
