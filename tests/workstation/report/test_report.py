"""`sonofill report`: the PDFs, read back by other people's programs (poppler)."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from pydicom.dataset import Dataset

from archive import Archive
from dicom_io import OpenedImage
from procedure import Encounter
from procedure.demonstration import demonstration
from procedure.documents import Page, Picture, Sources, handover_document, record_document, strings
from procedure.encounter import Note
from procedure.images import ImageKind
from procedure.patient import Identity
from procedure.people import Clock, Person, Role
from procedure.protocol_files import built_in
from procedure.states import State
from tests.dicom_io.material import jpeg
from tests.interop.tools import run
from tests.procedure.strategies import encounters
from tests.workstation.report.encounter_files import Files, files_of, study_of
from workstation.cli import main
from workstation.report import Gathered, Typeface, gather, printed, typeface, typeset
from workstation.report.fonts import SAMPLES, scripts_without_font, told
from workstation.report.typeset import TooLong

_XHTML = "{http://www.w3.org/1999/xhtml}"
_MM = 72 / 25.4


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The objects of the demonstration with a complication; its photographs are not among them."""
    return files_of(demonstration("occlusion-rescue"), tmp_path_factory.mktemp("scratch"))


@pytest.fixture(scope="module")
def folder(made: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as files."""
    place = tmp_path_factory.mktemp("dicom")
    made.written(place)
    return place


def text_of(pdf: Path) -> str:
    """The PDF's text in the order in which it was set, without spaces."""
    return "".join(run("pdftotext", "-raw", pdf, "-").stdout.split())


def pages_of(pdf: Path) -> list[str]:
    return run("pdftotext", "-raw", pdf, "-").stdout.split("\f")[:-1]


class Word(NamedTuple):
    """A word of a page with its box, in points from the page's upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str


def words_of(pdf: Path) -> list[list[Word]]:
    """Every word of each page."""
    xml = re.sub(r"[^\t\n\r\x20-\U0010ffff]", "", run("pdftotext", "-bbox", pdf, "-").stdout)
    pages = ElementTree.fromstring(xml).iter(f"{_XHTML}page")
    return [[_word(word) for word in page.iter(f"{_XHTML}word")] for page in pages]


def _word(element: ElementTree.Element) -> Word:
    x0, y0, x1, y1 = (float(element.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax"))
    return Word(x0, y0, x1, y1, element.text or "")


def check_layout(pdf: Path) -> None:
    """Each page is numbered; no word leaves the margins or lies on another."""
    pages = pages_of(pdf)
    for number, page in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in " ".join(page.split())
    for words in words_of(pdf):
        rows: dict[int, list[Word]] = {}
        for word in words:
            assert word.x0 >= 15 * _MM - 1 and word.x1 <= 195 * _MM + 1, word
            assert word.y0 >= 5 * _MM and word.y1 <= 292 * _MM, word
            rows.setdefault(round(word.y0 / 2), []).append(word)
        for row in rows.values():
            for left, right in pairwise(sorted(row)):
                assert left.x1 <= right.x0 + 1.5, (left, right)


def check_text(page: Page, pdf: Path) -> None:
    """Every text of the document is in the PDF. A text that is parted between two pages is found in its words."""
    whole = text_of(pdf)
    for text in strings(page):
        if "".join(text.split()) not in whole:
            missing = [word for word in text.split() if word not in whole]
            assert not missing, (text, missing)


def written(page: Page, folder: Path) -> Path:
    path = folder / "document.pdf"
    path.write_bytes(typeset(page).pdf)
    return path


@pytest.mark.requirement("S20")
def test_the_whole_record_is_in_the_pdf_with_its_pictures_and_digests(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "record.pdf"
    assert main(["report", str(folder), "--for", "record", "--out", str(out)]) == 0
    check_layout(out)
    found = gather(folder.iterdir())
    page = record_document(found.encounter, found.sources, built_in())
    check_text(page, out)
    whole = text_of(out)
    for path in folder.iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() in whole
    assert "facialartery,diameter" in whole and "6.7±0.2mm" in whole
    listed = run("pdfimages", "-list", out).stdout.splitlines()[2:]
    kept = [image for image in found.encounter.images if image.kind is not ImageKind.PHOTOGRAPH]
    assert sum(" jpeg " in line for line in listed) == len(kept), "stored JPEGs go in as they are"
    assert "Thepictureisnotamongthefiles." in whole, "the photograph"
    pdf = out.read_bytes()
    for path in folder.iterdir():
        if path.stem in found.sources.pictures:
            with OpenedImage(path) as image:
                frames = [picture.frame for picture in found.sources.pictures[path.stem]]
                assert all(image.frame_bytes(frame) in pdf for frame in frames), "byte for byte"


@pytest.mark.requirement("N6")
def test_archive_and_files_give_the_same_bytes(
    made: Files, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive(tmp_path / "archive") as kept:
        for item in made.objects:
            kept.put(item)
    copies = tmp_path / "copies"
    copies.mkdir()
    for number, path in enumerate(sorted(folder.iterdir())):
        shutil.copy(path, copies / f"{99 - number}")  # a file's name says nothing
    study = study_of(demonstration("occlusion-rescue")).study_instance_uid
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    where = ["--archive", str(tmp_path / "archive")]
    assert main(["report", study[:20], *where, "--for", "record", "--out", str(first), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main(["report", str(copies), "--for", "record", "--out", str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert said["sha256"] == hashlib.sha256(first.read_bytes()).hexdigest() and said["pages"] == len(pages_of(first))
    assert said["missing_pictures"] == 3 and said["state"] == "attested" and said["signs_without_font"] == []
    assert b"pdfaid:part" in first.read_bytes(), "it says that it is PDF/A"


def test_who_and_when_are_printed_where_they_are_given(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "handover.pdf"
    when = "2026-03-02T11:21:03+00:00"
    asked = ["--for", "handover", "--out", str(out), "--by", "Dr Žižková", "--at", when]
    assert main(["report", str(folder), *asked]) == 0
    whole = text_of(out)
    assert "DrŽižková" in whole and "2026-03-0211:21:03+00:00" in whole and "+1:02:03" in whole
    assert "D:20260302112103" in run("pdfinfo", "-rawdates", out).stdout
    check_layout(out)
    assert len(pages_of(out)) == 1


def test_nothing_is_overwritten_and_mistakes_are_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "here.pdf"
    out.write_bytes(b"somebody's")
    assert main(["report", str(folder), "--for", "record", "--out", str(out)]) == 1
    assert "nothing is overwritten" in capsys.readouterr().err and out.read_bytes() == b"somebody's"
    assert main(["report", str(folder), "--for", "record", "--out", str(tmp_path / "no" / "a.pdf")]) == 1
    assert "There is no folder" in capsys.readouterr().err
    assert main(["report", str(tmp_path), "--for", "record", "--out", str(tmp_path / "a.pdf")]) == 1
    assert "There is no record of an encounter here" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["report", str(folder), "--for", "record", "--out", str(tmp_path / "a.pdf"), "--at", "yesterday"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here.pdf"]


def test_damaged_and_foreign_files_are_told_and_the_rest_is_printed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "dicom"
    shutil.copytree(folder, copy)
    encounter = demonstration("occlusion-rescue")
    damaged, lost = encounter.images[1].image_uid, encounter.images[2].image_uid
    cut = (copy / f"{damaged}.dcm").read_bytes()
    (copy / f"{damaged}.dcm").write_bytes(cut[: len(cut) // 2])
    (copy / f"{lost}.dcm").unlink()
    (copy / "notes.txt").write_text("not DICOM", "utf-8")
    assert main(["report", str(copy), "--for", "record", "--out", str(tmp_path / "a.pdf"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["missing_pictures"] == 5 and len(said["troubles"]) == 1
    assert str(tmp_path) not in said["troubles"][0], "a document says nothing of the folder that it was made in"
    whole = text_of(tmp_path / "a.pdf")
    assert f"5of{len(encounter.images)}picturesarenothere" in whole and "Whatcouldnotberead" in whole


NAMES = (
    *SAMPLES.values(),
    "W" * 64,
    "Ångström-Żółkiewski" + "ö" * 44 + "^",
    "Щ" * 64,
    "驫" * 64,
    "محمد بن عبد الله 12.5 (mm)",
)
_JOINED = re.compile("[\u0590-\u0e7f]")  # scripts whose signs a PDF's text may give in another order


def with_names(encounter: Encounter, names: tuple[str, ...]) -> Encounter:
    """The encounter with each name as a person's, a site's and a product's."""
    people = tuple(Person(name=name, role=Role.ASSISTANT, registration_number=name) for name in names)
    injections = tuple(replace(encounter.injections[0], by=name, site=name) for name in names)
    notes = tuple(Note(at=encounter.started_at, by=name, text=name) for name in names)
    identity = Identity(patient_id="X" * 64, name=names[-2])
    return replace(encounter, patient=identity, people=people, injections=injections, notes=notes)


def test_every_script_is_printed_and_long_names_stay_in_their_columns(tmp_path: Path) -> None:
    assert scripts_without_font(typeface()) == (), "the fonts that ./run installs are not there"
    encounter = with_names(demonstration("normal"), NAMES)
    for page in (record_document(encounter, Sources(), built_in()), handover_document(encounter, rows=3)):
        made = typeset(page)
        assert made.unshown == ()
        path = tmp_path / "names.pdf"
        path.write_bytes(made.pdf)
        check_layout(path)
        whole = text_of(path)
        for name in NAMES if not page.one_page else ():
            if not _JOINED.search(name):
                assert whole.count("".join(name.split())) >= 4, name


def test_a_sign_without_a_picture_is_told_and_not_dropped(tmp_path: Path) -> None:
    name = "An\U0001f9ea\u202ena\U000e0041"
    page = record_document(with_names(demonstration("normal"), (name, name)), Sources(), built_in())
    made = typeset(page)
    assert "\u202e" in made.unshown, "what turns the direction of writing is never let through"
    path = tmp_path / "a.pdf"
    path.write_bytes(made.pdf)
    whole = text_of(path)
    for sign in made.unshown:
        assert told(sign) in whole
    assert "Signsthatcouldnotbeprinted" in whole and "right-to-leftoverride" in whole


def test_what_a_record_says_is_never_program_text_of_the_typesetter(tmp_path: Path) -> None:
    odd = ("#panic(1) $x^2$ *bold* _it_ `raw` <label> @ref \\ // /* [U+0041]", "a" * 1500, "क्षत्रिय مرحبا 漢字 " * 40)
    encounter = demonstration("normal")
    notes = tuple(Note(at=encounter.started_at, by="x", text=text.strip()) for text in odd)
    page = record_document(replace(encounter, notes=notes), Sources(), built_in())
    path = written(page, tmp_path)
    check_layout(path)
    whole = text_of(path)
    assert "".join(odd[0].split()) in whole and whole.count("a" * 1000) == 1
    assert typeset(page).unshown == ()


def test_a_computer_with_one_font_tells_what_it_cannot_print() -> None:
    face = typeface()
    alone = Typeface(face.families[-1:], face.fonts, tuple(range(a, b) for a, b in ((0x20, 0x250),)))
    missing: set[str] = set()
    assert alone.shown("Müller 山", missing) == "Müller [U+5C71]" and missing == {"山"}
    assert "Japanese" in scripts_without_font(alone) and "Latin" not in scripts_without_font(alone)


def test_an_encounter_with_everything_missing_is_printed_with_its_blanks(tmp_path: Path) -> None:
    started = demonstration("normal").started_at
    empty = Encounter(encounter_uid="2.25.1", simulated=False, started_at=started, clock=Clock(), patient=Identity())
    page = record_document(empty, Sources(), built_in())
    path = written(page, tmp_path)
    check_layout(path)
    check_text(page, path)
    whole = text_of(path)
    assert whole.count("□notrecorded") > 20 and "Thepatientisnotidentifiedyet." in whole
    assert empty.state is State.DRAFT and "Draft.Nobodyhasmadethisrecordfinal." in whole
    check_layout(written(handover_document(empty), tmp_path))


def test_sixty_images_are_all_there(tmp_path: Path) -> None:
    encounter = demonstration("normal")
    still = next(image for image in encounter.images if image.kind is ImageKind.STILL)
    images = tuple(replace(still, image_uid=f"2.25.{number}") for number in range(1, 61))
    pictures = {i.image_uid: (Picture(i.image_uid, 0, jpeg(64, 48, n), 64, 48),) for n, i in enumerate(images)}
    page = record_document(replace(encounter, images=images), Sources(pictures=pictures), built_in())
    path = written(page, tmp_path)
    check_layout(path)
    assert len(run("pdfimages", "-list", path).stdout.splitlines()[2:]) == 60
    assert text_of(path).count("Thescaleofthispictureisnotknown") == 60


def test_a_crowded_handover_stays_on_its_one_page(tmp_path: Path) -> None:
    encounter = demonstration("occlusion-rescue")
    event = encounter.complications[0]
    doses = tuple(
        replace(event.doses[0], at=event.noticed_at + timedelta(minutes=n), site="x" * 200) for n in range(60)
    )
    crowded = replace(encounter, complications=(replace(event, doses=doses),))
    with pytest.raises(TooLong):
        typeset(handover_document(crowded))
    path = tmp_path / "h.pdf"
    path.write_bytes(printed(Gathered(crowded, Sources(), Dataset()), "handover").pdf)
    check_layout(path)
    assert len(pages_of(path)) == 1
    assert "earlierrows:seethewholerecord" in text_of(path) and "9000IU" in text_of(path)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(encounters())
def test_any_encounter_is_printed_without_loss(tmp_path: Path, encounter: Encounter) -> None:
    for page in (record_document(encounter, Sources(), built_in()), handover_document(encounter, rows=1)):
        made = typeset(page)
        path = tmp_path / "any.pdf"
        path.write_bytes(made.pdf)
        check_layout(path)
        whole = text_of(path)
        for sign in made.unshown:
            assert told(sign) in whole
        for text in strings(page):
            shown = typeface().shown("".join(told(s) if s in made.unshown else s for s in text), set())
            missing = [word for word in shown.split() if word not in whole]
            assert not missing, (text, missing)
