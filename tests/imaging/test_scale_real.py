"""Real screens: each `exact` scale within its tolerance, each `none` refused, `may-refuse` right or refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaging import CannotTell, Pictures
from imaging.scale import read_scale


def _rows(screens: Path) -> Iterator[dict[str, str]]:
    with (screens / "truth.csv").open() as file:
        yield from csv.DictReader(file)


@pytest.mark.slow
def test_real_screens_without_their_headers(screens: Path) -> None:
    wrong = []
    for row in _rows(screens):
        kind = row["how"].partition(":")[0]
        try:
            reading = read_scale(Pictures(screens / row["file"]).first().bgr)
        except CannotTell as refusal:
            if kind == "exact":
                wrong.append(f"{row['file']} refused: {refusal}")
            continue
        found = reading.scale.mm_per_pixel_y
        if kind == "none" or abs(found / float(row["mm_per_pixel"]) - 1) > float(row["tolerance"]):
            wrong.append(f"{row['file']}: {found} for {row['mm_per_pixel']}")
    assert not wrong
