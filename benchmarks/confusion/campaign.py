"""Records right and wrong, their verdicts, and the table of both.

A record that is made wrong is judged from its DICOM files alone, as an auditor gets them. `python -m benchmarks.confusion`
prints one JSON document; exit status 1 where something lacking was called met.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import course_rubric, judge
from benchmarks.confusion.drawing import Drawn, drawn
from benchmarks.confusion.made import made_record
from benchmarks.confusion.told import Truth
from workstation.studies.auditing import material_of

LACKING = (Truth.PARTIAL, Truth.NOT_MET)
VERDICTS = ("met", "partial", "not_met", "needs_reviewer", "not_applicable")


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion of one record: what holds, and what the program said."""

    record: str
    criterion: str
    truth: Truth
    verdict: str

    @property
    def wrongly_met(self) -> bool:
        """Called met, or not asked for, though something is lacking."""
        return self.truth in LACKING and self.verdict in ("met", "not_applicable")

    @property
    def wrongly_lacking(self) -> bool:
        """Found lacking though nothing is."""
        return self.truth not in LACKING and self.verdict != self.truth.value


def judged(record: Drawn) -> list[Judged]:
    """The record made, read back from its files, and judged; criteria whose wording leaves it open are left out."""
    with tempfile.TemporaryDirectory() as folder:
        files = made_record(Path(folder) / "archive", record.name, record.told()).files
        verdicts = {one.criterion.id: one.verdict.value for one in judge(material_of(files), course_rubric())}
    truth = {row: one for row, one in record.truth().items() if one is not Truth.OPEN}
    return [Judged(record.name, row, one, verdicts[row]) for row, one in truth.items()]


def table(found: Sequence[Judged]) -> str:
    """Truth by verdict, as a table of Markdown."""
    counts = Counter((one.truth.value, one.verdict) for one in found)
    lines = ["| by its making | " + " | ".join(word.replace("_", " ") for word in VERDICTS) + " |"]
    lines.append("| --- |" + " --- |" * len(VERDICTS))
    for truth in (Truth.MET, Truth.PARTIAL, Truth.NOT_MET, Truth.NOT_APPLICABLE):
        cells = (str(counts[truth.value, verdict]) for verdict in VERDICTS)
        lines.append(f"| {truth.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def by_criterion(found: Sequence[Judged]) -> str:
    """For each criterion how many records lacked it, and what became of them."""
    lines = ["| criterion | lacking | found | called met | whole | found lacking |", "| --- |" + " --- |" * 5]
    for row in dict.fromkeys(one.criterion for one in found):
        mine = [one for one in found if one.criterion == row]
        lacking = [one for one in mine if one.truth in LACKING]
        wrongly_met = sum(one.wrongly_met for one in lacking)
        whole = [one for one in mine if one.truth not in LACKING]
        wrongly_lacking = sum(one.wrongly_lacking for one in whole)
        lines.append(
            f"| {row} | {len(lacking)} | {len(lacking) - wrongly_met} | {wrongly_met} | {len(whole)} | {wrongly_lacking} |"
        )
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.confusion", description=__doc__)
    parser.add_argument("--records", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="the tables as Markdown, in place of JSON")
    arguments = parser.parse_args(argv)
    found: list[Judged] = []
    records = 0
    for record in drawn(arguments.records, arguments.seed):
        one = judged(record)
        records += 1
        found += one
        for each in one:
            if each.wrongly_met or each.wrongly_lacking:
                print(f"{each.criterion}: {each.truth} called {each.verdict}: {each.record}", file=sys.stderr)
    wrongly_met = [one for one in found if one.wrongly_met]
    if arguments.table:
        print(f"{records} records\n\n{table(found)}\n\n{by_criterion(found)}")
    else:
        counts = Counter(f"{one.truth.value} called {one.verdict}" for one in found)
        print(json.dumps({"benchmark": "confusion", "records": records, "wrongly_met": len(wrongly_met), **counts}))
    return 1 if wrongly_met else 0
