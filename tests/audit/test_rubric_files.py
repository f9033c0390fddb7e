"""A clinic's own rubric is read; a wrong one is refused with its line and the rule that it breaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit import RubricWrong, Verdict, built_in_rubric, course_rubric, judge, read_rubric
from procedure.images import PictureHint
from tests.audit.records import material, with_encounter

HEAD = 'schema = "sonofill-rubric/1"\nname = "Ours"\nversion = "3"\nsource = "our clinic"\n'
ROW = (
    '[[criterion]]\nid = "K1"\nrequirement = "Consent"\nquestion = "Was it understood?"\nchecks = ["consent-before"]\n'
)


def test_the_course_has_its_23_rows() -> None:
    ids = [criterion.id for criterion in course_rubric().criteria]
    assert ids == [
        *(f"AC{n}" for n in range(1, 7)),
        *(f"AG{n}" for n in range(1, 9)),
        *(f"CM{n}" for n in range(1, 10)),
    ]


def test_the_form_of_picture_quality_is_a_data_file_too() -> None:
    """Nine questions on pictures and one on the report; hints send a person to the picture, and never make it a good one."""
    rubric = built_in_rubric("squalus")
    assert [criterion.id for criterion in rubric.criteria] == [f"SQ{n}" for n in range(1, 11)]
    whole = material()
    found = {j.criterion.id: j for j in judge(whole, rubric)}
    assert {row for row, j in found.items() if j.verdict is Verdict.MET} >= {"SQ1", "SQ2", "SQ3", "SQ5", "SQ7", "SQ10"}
    images = tuple(
        replace(image, hints=(PictureHint.GAIN_HIGH, PictureHint.DEPTH_WASTED)) for image in whole.encounter.images
    )
    hinted = {j.criterion.id: j.verdict for j in judge(with_encounter(whole, images=images), rubric)}
    assert hinted["SQ3"] is hinted["SQ5"] is Verdict.NEEDS_REVIEWER
    images = tuple(replace(image, settings=None) for image in whole.encounter.images)
    blank = {j.criterion.id: j.verdict for j in judge(with_encounter(whole, images=images, vessels=()), rubric)}
    assert {blank[row] for row in ("SQ3", "SQ4", "SQ5", "SQ6")} == {Verdict.NOT_MET}
    with pytest.raises(KeyError):
        built_in_rubric("../course")


def test_a_clinic_may_bring_its_own(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(HEAD + ROW)
    rubric = read_rubric(path)
    assert (rubric.name, rubric.version, [c.id for c in rubric.criteria]) == ("Ours", "3", ["K1"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "schema"),
        (HEAD.replace("/1", "/9") + ROW, "sonofill-rubric/1"),
        (HEAD, r"no \[\[criterion\]\]"),
        (HEAD + "[[criterion]", "line 5"),
        (HEAD + ROW + ROW, "K1"),
        (HEAD + ROW.replace("consent-before", "consent-sometime"), "line 5: there is no check 'consent-sometime'"),
        (HEAD + ROW.replace("question", "ask"), "line 5: 'ask' is not known"),
        (HEAD + ROW + ROW.replace('"K1"', '"  "'), "line 10: id has to be a text"),
        (HEAD + ROW.replace('["consent-before"]', '"consent-before"'), "checks has to be a list"),
        (HEAD + "extra = 1\n" + ROW, "'extra' is not known"),
        (HEAD + "criterion = [1]\n", "row 1: it has to be a table"),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_rule(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(text)
    with pytest.raises(RubricWrong, match=says):
        read_rubric(path)


def test_not_text_at_all(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RubricWrong, match="UTF-8"):
        read_rubric(path)
