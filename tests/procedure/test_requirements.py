"""The docs' table of requirements: every S has its place, and the place exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from procedure.record import fields_of
from tests.procedure.strategies import kinds_of_records

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PLACES = tomllib.loads((REFERENCE / "requirement_places.toml").read_text("utf-8"))


def test_each_requirement_of_the_course_has_a_place_in_the_record() -> None:
    assert list(PLACES) == [f"S{number}" for number in range(1, 34)]
    known = {f"{kind.__name__}.{field.name}" for kind in kinds_of_records() for field in fields_of(kind)}
    for name, entry in PLACES.items():
        assert entry["place"], name
        for word in re.findall(r"`([A-Z]\w+\.\w+)`", entry["place"]):
            assert word in known, f"{name}: {word}"


def test_the_page_shows_every_place_and_what_is_not_there() -> None:
    page = (REFERENCE / "requirements.md").read_text("utf-8")
    for name, entry in PLACES.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {name} |"))
        assert entry["place"] in row and entry["lacks"] in row
        if "nothing yet" not in row:
            assert f"(#tests-of-{name.lower()})" in row
            assert "\n- `tests/" in page.split(f"## Tests of {name}\n")[1].split("## ")[0]
