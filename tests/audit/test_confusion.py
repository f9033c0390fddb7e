"""A few records of the confusion campaign, made into DICOM files and judged from them: nothing lacking is called met."""

from __future__ import annotations

import pytest

from benchmarks.confusion.campaign import judged
from benchmarks.confusion.drawing import drawn
from benchmarks.confusion.told import Truth

RECORDS = {one.name: one for one in drawn(170, seed=1)}
#: One of each way of being wrong: what a person said, which side, a file that is gone, a suggestion; and one that is whole.
CHOSEN = (
    "normal: everything done",
    "normal: the other side was scanned",
    "normal: every label is a suggestion that nobody confirmed",
    "normal: a picture's file is cut short",
    "occlusion-rescue: a change of vision without a step for it",
)


@pytest.mark.requirement("N8")
@pytest.mark.parametrize("name", CHOSEN)
def test_no_lack_is_called_met_and_nothing_whole_is_found_lacking(name: str) -> None:
    found = judged(RECORDS[name])
    assert len(found) > 15
    assert [one for one in found if one.wrongly_met or one.wrongly_lacking] == []


def test_records_are_told_once_and_what_holds_of_them_is_known() -> None:
    assert len(RECORDS) == 170
    for one in RECORDS.values():
        assert set(one.truth()) == set(next(iter(RECORDS.values())).truth())
    again = [record.name for record in drawn(170, seed=1)]
    assert again == list(RECORDS)
    assert sum(Truth.PARTIAL in one.truth().values() for one in RECORDS.values()) > 100
