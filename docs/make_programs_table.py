"""Make docs/reference/programs.md: what other programs do with each of our objects, as the tests saw it.

python docs/make_programs_table.py          write the page
python docs/make_programs_table.py --check  exit 1 where the page is not what the tests saw

The cells stand in programs.json, which `tests/interop/programs` compares with what it sees (its `table.py` says how to write
them anew).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "reference"
PAGE = FOLDER / "programs.md"
CELLS = FOLDER / "programs.json"

#: The columns, with what of each program was run.
PROGRAMS = {
    "DCMTK": "dcmdump, dcmj2pnm, dsrdump, dsr2html, dcm2pdf",
    "dciodvfy": "of dicom3tools, with dcentvfy over the whole study",
    "GDCM": "gdcmdump, gdcmconv",
    "pydicom": "dcmread, pixel_array",
    "highdicom": "imread, srread, segread, key object selections",
    "Orthanc": "stored and fetched by REST, its previews and tags",
    "dwv": "in Chromium: its canvases, taken off the page",
    "Cornerstone": "core, tools and the wadouri loader, in Chromium: its pixel data, its ruler, its cine",
}
OBJECTS = {
    "still": "still",
    "split screen": "still with two calibrated areas",
    "clip": "clip, frames at uneven times",
    "copy with labels": "copy with labels burned in",
    "photograph": "photograph (VL)",
    "report": "report (TID 1500)",
    "segmentation": "segmentation",
    "presentation state": "presentation state",
    "selection": "selection (KO)",
    "rejection note": "rejection note (KO)",
    "record": "record of the encounter (SR)",
    "PDF": "encapsulated PDF",
    "all of normal": "every object of `demo --scenario normal`",
    "all of occlusion-rescue": "every object of `demo --scenario occlusion-rescue`",
}
QUESTIONS = {
    "opens": "opens",
    "length": "length equal",
    "time": "time true",
    "places": "labels lie where ours do",
    "labels": "labels on the right frame",
    "text": "non-Latin text right",
}
#: Why a cell that one might look for is empty: program or object, and the reason.
NOT_TRIED = (
    (
        "Cornerstone's adapters, dcmjs",
        "further packages that turn reports and segmentations into Cornerstone's own labels; without them a segmentation's frames "
        "are shown as pictures of their own, and not over the clip. OHIF uses them with rules of its own",
    ),
    ("ffmpeg", "5.1 reads no DICOM: it looks for JPEGs by their marks and found 21 of the clip's 24 frames"),
    ("ITK, SimpleITK, 3D Slicer", "read such files by GDCM or DCMTK, which are in the table"),
    ("Weasis, OHIF, MicroDicom, RadiAnt, Horos", "need Java, a server, Windows or macOS: no test can run them here"),
)


def page() -> str:
    """The page's text."""
    table = json.loads(CELLS.read_text(encoding="utf-8"))
    cells = {(c["thing"], c["question"], c["program"]): c for c in table["cells"]}
    unknown = {key for key in cells if key[0] not in OBJECTS or key[1] not in QUESTIONS or key[2] not in PROGRAMS}
    if unknown:
        sys.exit(f"cells of no row or column: {sorted(unknown)}")
    notes: list[str] = []
    rows = []
    for thing, name in OBJECTS.items():
        for question, words in QUESTIONS.items():
            found = [cells.get((thing, question, program)) for program in PROGRAMS]
            if any(found):
                shown = " | ".join(_shown(cell, notes) for cell in found)
                rows.append(f"| {name} | {words} | {shown} |")
                name = ""
    heads = " | ".join(f"{program} {table['programs'].get(program, '')}" for program in PROGRAMS)
    lines = [
        "# Our objects in other programs",
        "",
        "Made by `python docs/make_programs_table.py` from what `tests/interop/programs` saw. A test fails where a program does",
        "something else than stands here. One study with an object of each kind is shown to all: labels on two of a clip's 24",
        "frames, names in Latin, Cyrillic, Greek, Japanese and Arabic letters. Below them stand all objects of both demonstrations",
        "(`tests/scenarios/test_programs.py`): highdicom has no reader for presentation states and PDFs, all else is read.",
        "",
        f"| object | question | {heads} |",
        "| --- | --- |" + " --- |" * len(PROGRAMS),
        *rows,
        "",
        "An empty cell: the program does not do that (a checker shows no names, a printer of tags measures nothing).",
        "",
        *(f"{number}. {note}" for number, note in enumerate(notes, start=1)),
        "",
        "## What was run, and what the questions mean",
        "",
        *(f"- **{program}**: {what}." for program, what in PROGRAMS.items()),
        "",
        "- *opens*: read to its end without an error; of a picture, each frame decoded to the same pixels as by us (mean difference",
        "  below 3 of 255); of a PDF, the same bytes.",
        "- *length equal*: the program's own number of millimetres is that of the label or of the picture's calibrated area.",
        "- *time true*: each frame of the clip at the time at which it was taken, to 0.1 ms where a program tells times; where it plays,",
        "  a round of its loop lasts as long as the clip ([how well each plays](other-viewers.md)).",
        "- *labels lie where ours do*: on a still its shapes and ours are nowhere more than one pixel of the picture apart.",
        "- *labels on the right frame*: each on its own frame, none on the others.",
        "- *non-Latin text right*: the patient's name, and the labels' names where the object has them, letter for letter.",
        "",
        "dwv and Cornerstone come from npm, pinned by the lock file in `benchmarks/players`, and are bundled once. That was 52 s beside",
        "seven other programs on two cores, Chromium's packages one minute; so these tests are among the ordinary ones, and are left out",
        "where Chromium or npm is not to be had.",
        "",
        "## Not tried",
        "",
        *(f"- {program}: {why}." for program, why in NOT_TRIED),
        "",
    ]
    return "\n".join(lines)


def _shown(cell: dict[str, str] | None, notes: list[str]) -> str:
    if cell is None:
        return ""
    if not cell["note"] or cell["answer"] == "yes":
        return cell["answer"]
    if cell["note"] not in notes:
        notes.append(cell["note"])
    return f"{cell['answer']} ({notes.index(cell['note']) + 1})"


if __name__ == "__main__":
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        sys.exit(0 if current else f"{PAGE.name} is out of date: run {__file__}")
    PAGE.write_text(page(), encoding="utf-8")
