"""`sonofill review` from end to end: two readers blind to each other, a third, the author; and what is refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from annotation import Document
from archive import Archive
from audit.review import SignedTwice
from procedure.demonstration import OPERATOR, demonstration
from tests.interop.tools import errors_of_dciodvfy, run
from tests.workstation.report.encounter_files import files_of, record_of, study_of
from workstation.cli import main

ONE, TWO, THREE = "Ada Reader", "Ben Reader", "Cem Third"
WHOLE = demonstration("normal")
RECORD = replace(WHOLE, images=tuple(image for image in WHOLE.images if image.kind == "still")[:2])  # soon read
STUDY = study_of(RECORD).study_instance_uid
Answer = Callable[..., Any]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive with one whole record and one without pictures; nobody may change it."""
    folder = tmp_path_factory.mktemp("records")
    with Archive(folder / "archive") as archive:
        archive.put_all(files_of(RECORD, folder, labels=Document()).objects)
        archive.put(record_of(demonstration("occlusion-rescue"), []))
    before = _digest(folder / "archive")
    yield folder / "archive"
    assert _digest(folder / "archive") == before, "a review has changed a record"


def _digest(folder: Path) -> str:
    files = [*sorted((folder / "studies").rglob("*.dcm")), folder / "ledger.jsonl"]
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()


@pytest.fixture
def answer(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Answer:
    """Run a command on the records, its reviews in a folder of the test's own."""
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)

    def ran(*words: object, status: int = 0) -> Any:
        capsys.readouterr()
        place = ["--archive", str(records), "--reviews", str(tmp_path / "reviews"), "--json"]
        assert main([*map(str, words), *place]) == status
        told = capsys.readouterr()
        return json.loads(told.out) if status == 0 else told.err

    return ran


def filled(
    answer: Answer, by: str, form: Path, *, of: str = STUDY, more: str = "", only: bool = False, **verdicts: str
) -> Path:
    """A form as a reader fills it in: met, but for the verdicts that are told."""
    answer("review", "form", of, "--by", by, "--out", form, *(["--differences"] if only else []))
    text = form.read_text().replace("# minutes = 12.5", "minutes = 7.5")
    for criterion in re.findall(r'id = "(\w+)"', text):
        said = verdicts.get(criterion, "met")
        text = text.replace(f'id = "{criterion}"\nverdict = ""', f'id = "{criterion}"\nverdict = "{said}"')
    form.write_text(text + more)
    return form


@pytest.mark.requirement("N8")
@pytest.mark.requirement("C7")
def test_two_readers_a_third_and_the_author(answer: Answer, tmp_path: Path) -> None:
    drawn = answer("review", "sample", "--n", 5, "--seed", "march", "--by-risk", "--out", "list.json")
    assert drawn["candidates"] == len(drawn["records"]) == 2
    assert (
        answer("review", "sample", "--n", 5, "--seed", "march", "--by-risk", "--out", "b.json")["records"]
        == drawn["records"]
    )
    assert answer("review", "next", "--list", "list.json", "--by", ONE)["next"]["of"] == 2
    picture = next(image.image_uid for image in RECORD.images if image.kind == "still")
    pin = f'\n[[pin]]\ncriterion = "AC1"\nimage = "{picture}"\ncolumn = 120\nrow = 60.5\ncomment = "dermis?"\n'

    form = filled(answer, ONE, tmp_path / "one.toml", AC1="partial", AG4="cannot_tell", more=pin)
    one = answer("review", "sign", form, "--list", "list.json")
    shown = answer("review", "show", STUDY, "--by", TWO)
    assert shown["readers"] == [ONE] and not shown["complete"] and shown["own"] is None and not shown["pins"]
    assert all(row["verdict"] is None and row["said"] == [] for row in shown["criteria"]), "the second reader is blind"
    assert answer("review", "show", STUDY, "--by", ONE)["own"]["AC1"] == "partial"
    told = answer("audit", STUDY)
    assert all(row["review"]["verdict"] is None and not row["review"]["readers"] for row in told["criteria"])
    assert "already" in answer("review", "sign", form, "--list", "list.json", status=1), "signing twice is refused"
    answer("review", "sign", form, "--list", "list.json", "--again", "wrong picture")
    assert answer("review", "told", "--author", OPERATOR)["records"] == []

    form = filled(answer, TWO, tmp_path / "two.toml")
    answer("review", "sign", form, "--list", "list.json")
    shown = answer("review", "show", STUDY)
    assert shown["complete"] and shown["readers"] == [ONE, TWO] and shown["unsettled"] == ["AC1", "AG4"]
    assert [(p["by"], p["column"], p["row"], p["frame"]) for p in shown["pins"]] == [(ONE, 120, 60.5, 0)]
    said = "All readers have signed"
    assert said in answer("review", "sign", form, "--list", "list.json", "--again", "I saw the other's", status=1)

    form = filled(answer, ONE, tmp_path / "own.toml", only=True)
    assert "somebody else" in answer("review", "settle", form, "--how", "third-reader", status=1)
    form = filled(answer, THREE, tmp_path / "three.toml", only=True, AC1="partial")
    assert form.read_text().count("[[criterion]]") == 2
    answer("review", "settle", form, "--how", "third-reader")
    assert "settled already" in answer("review", "settle", form, "--how", "third-reader", status=1)
    found = {row["id"]: row["review"] for row in answer("audit", STUDY)["criteria"]}
    assert found["AC1"]["verdict"] == "partial" and found["AG4"]["verdict"] == "met" == found["AC2"]["verdict"]
    assert [each["by"] for each in found["AC1"]["readers"]] == [ONE, TWO, THREE]
    agreed = answer("audit", "agreement")
    rows = {row["id"]: row for row in agreed["criteria"]}
    assert (agreed["records"], agreed["waiting"], agreed["unsettled"]) == (1, 0, 0)
    assert rows["AC1"]["verdict"]["observed"]["value"] == 0 and rows["AC2"]["verdict"]["pabak"]["value"] == 1
    assert rows["AC1"]["program"] == [{"program": told["criteria"][0]["verdict"], "persons": "partial", "records": 1}]

    (back,) = answer("review", "told", "--author", OPERATOR)["records"]
    assert back["verdicts"]["AC1"] == "partial" and back["pins"][0]["comment"] == "dermis?" and not back["acknowledged"]
    answer("review", "answer", STUDY, "--by", OPERATOR, "--text", "seen", "--acknowledge")
    again = answer("review", "told", "--author", OPERATOR)
    assert again["records"][0]["acknowledged"] and again["counts"]["AC1"] == {"partial": 1}
    assert "could answer" in answer("review", "answer", STUDY, "--by", TWO, "--acknowledge", status=1)

    assert main(["archive", "verify", "--archive", str(tmp_path / "reviews")]) == 0
    for file in (tmp_path / "reviews").rglob("*.dcm"):
        assert errors_of_dciodvfy(file) == []
        run("dsrdump", file)
    stored = dcmread(one["file"])
    assert stored.StudyInstanceUID != STUDY and stored.VerificationFlag == "VERIFIED"
    (about,) = stored.PertinentOtherEvidenceSequence
    assert about.StudyInstanceUID == STUDY and not stored.PatientName
    places = [
        item
        for mark in stored.ContentSequence
        for item in mark.get("ContentSequence", [])
        if item.ValueType == "SCOORD"
    ]
    assert [list(place.GraphicData) for place in places] == [[120, 60.5]]


def test_what_is_refused_says_why(answer: Answer, tmp_path: Path) -> None:
    form = filled(answer, OPERATOR, tmp_path / "own.toml")
    assert "an author of this record" in answer("review", "sign", form, status=1)
    form = filled(answer, ONE, tmp_path / "one.toml", AC2="perhaps")
    assert "AC2: the verdict is 'perhaps'" in answer("review", "sign", form, status=1)
    whole = form.read_text().replace('"perhaps"', '"met"')
    for old, new, said in (
        ('verdict = "met"', 'verdict = ""', "AC1: the verdict is blank"),
        ('id = "AC1"', 'id = "AC2"', "AC2 is judged twice"),
        ("minutes = 7.5", 'minutes = "long"', "minutes has to be a number"),
        ("record_sha256 = \"", "record_sha256 = \"0", "another version"),
        ("begun = \"2", "begun = \"x", "begun is no time"),
        ("[[criterion]]", "[[criteria]]", "'criteria' is not known"),
        ("schema", "skema", "'skema' is not known"),
    ):  # fmt: skip
        form.write_text(whole.replace(old, new, 1))
        assert said in answer("review", "sign", form, status=1)
    head, rest = whole.split("[[criterion]]", 1)
    form.write_text(head + "[[criterion]]" + rest.split("[[criterion]]", 1)[0])
    assert "Not judged yet: AC2, AC3" in answer("review", "sign", form, status=1)
    form.write_text(whole + '\n[[pin]]\nimage = "1.2.3"\ncomment = "there"\n')
    assert "points at frame 1 of 1.2.3" in answer("review", "sign", form, status=1)
    form.write_text(whole)
    assert "cannot be read" in answer("review", "sign", form, "--list", tmp_path / "none", status=1)
    assert not list((tmp_path / "reviews").rglob("*.dcm"))
    assert "differ" in answer("review", "form", STUDY, "--by", ONE, "--differences", "--out", "d.toml", status=1)
    (tmp_path / "reviews").rename(tmp_path / "away")
    assert "There is no folder" in answer("review", "show", STUDY, status=1) == answer("audit", STUDY, status=1)


def test_repeats_are_taken_in_their_turn_and_do_not_count_for_the_record(answer: Answer, tmp_path: Path) -> None:
    answer("review", "sample", "--repeats", 2, "--readers", 1, "--seed", "x", "--out", "list.json")
    turns = []
    for _ in range(4):
        due = answer("review", "next", "--list", "list.json", "--by", ONE)["next"]
        turns.append(due["study_instance_uid"])
        form = filled(answer, ONE, tmp_path / f"{len(turns)}.toml", of=due["study_instance_uid"])
        answer("review", "sign", form, "--list", "list.json")
    assert answer("review", "next", "--list", "list.json", "--by", ONE)["next"] is None
    assert sorted(turns.count(study) for study in set(turns)) == [2, 2]
    shown = answer("review", "show", STUDY)
    assert shown["complete"] and shown["readers"] == [ONE]
    told = answer("audit", "agreement", "--list", "list.json")
    assert told["records"] == 0 and told["criteria"][0]["verdict"]["observed"] is None
    (reader,) = told["readers"]
    assert reader["readings"] == reader["measured"] == 4 and reader["median_minutes"] == 7.5
    assert reader["repeats"]["records"] == 46 and reader["repeats"]["observed"]["value"] == 1


def test_a_reader_is_tried_on_known_verdicts_before_reading_others(answer: Answer, tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    rows = 'verdicts = {AC1 = "partial", AC2 = "met"}\nwhy = {AC1 = "frame 1: the dermis"}\n'
    whole = f'[[record]]\nstudy = "{STUDY}"\n{rows}'
    for text, said in (
        (whole.replace("AC2", "ZZ9"), "no criterion 'ZZ9'"),
        (whole.replace('"met"', '"fine"'), "'fine' is none of"),
        (whole.replace("verdicts", "verdict"), "nothing else"),
        (whole.replace(STUDY, "1.2.3"), "no final record"),
    ):
        known.write_text(text)
        assert said in answer("review", "calibration", known, "--out", "known.json", status=1)
    known.write_text(whole)
    assert answer("review", "calibration", known, "--out", "known.json")["known"] == 2
    answer("review", "sign", filled(answer, ONE, tmp_path / "one.toml"), "--list", "known.json")
    told = answer("audit", "agreement", "--list", "known.json")
    assert told["criteria"] == [], "a trial does not count for the record"
    assert told["readers"][0]["known"]["value"] == 0.5
    assert told["readers"][0]["misses"] == [
        {"criterion": "AC1", "said": "met", "known": "partial", "why": "frame 1: the dermis"}
    ]


def test_two_readers_at_once_and_one_reader_twice_at_once(answer: Answer, records: Path, tmp_path: Path) -> None:
    """Four readers sign in the same moment, each from two places: each review is there once, whole."""
    from audit import course_rubric
    from audit.review import Mark, Opinion
    from audit.review.shelf import now
    from workstation.studies.reviewing import Work, open_shelf, sign_reading, to_read

    rubric = course_rubric()
    with Archive(records, create=False) as kept:
        read = to_read(kept, STUDY, rubric)
    marks = tuple(Mark(criterion=c.id, opinion=Opinion.MET) for c in rubric.criteria)

    def sign(reader: str) -> bool:
        with open_shelf(tmp_path / "reviews", create=True) as shelf:
            try:
                sign_reading(shelf, read, rubric, Work(reader, now(), now(), marks))
            except SignedTwice:
                return False
            return True

    readers = [f"Reader {k % 4}" for k in range(8)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(sign, readers))
    assert sum(done) == 4 and {r for r, ok in zip(readers, done, strict=True) if ok} == set(readers)
    assert len(answer("review", "show", STUDY)["readers"]) == 4
