"""The study that every program is shown: an object of each kind, labels on some frames alone, names in five scripts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from annotation import Document, Ellipse, Finding, Line, Polyline
from dicom_io import EncodedObject, Series, encode_clip, encode_encounter, encode_report, encode_still
from dicom_io.documents.encapsulated import encode_document
from dicom_io.documents.selection import encode_selection
from dicom_io.labels.annotated_copy import encode_annotated_copy
from dicom_io.labels.labelled import LabelSeries
from dicom_io.labels.presentation import encode_presentation
from dicom_io.labels.segmentation import encode_segmentation
from dicom_io.picture.camera_picture import camera_picture
from dicom_io.picture.photograph import Taken, View, encode_photograph
from dicom_io.reidentify.rejection import WRONG_WORKLIST_ENTRY, encode_rejection
from imaging.scale import Scale
from procedure.demonstration import demonstration
from tests.dicom_io.labelled_material import (
    COLUMNS,
    LAYER_ORDER,
    ROWS,
    Stored,
    finding,
    labelled,
    vessels_and_layers,
)
from tests.dicom_io.material import EQUIPMENT, SCALE, SERIES, STUDY, jpeg, jpeg_clip, write

#: The two halves of a split screen, at two depths: a reader that takes one scale for both is wrong by half in one of them.
LEFT: Final = Scale(0.08, 0.08, (0, 20, 158, 220), "profile", 0.03)
RIGHT: Final = Scale(0.05, 0.05, (162, 20, 320, 220), "profile", 0.03)
FRAMES: Final = 24
#: Uneven: a hole of 0.4 s between frames 11 and 12.
TIMES_S: Final = tuple(n / 30 + (0.4 if n > 11 else 0) for n in range(FRAMES))
#: The frames of the clip that have labels (from 0); the others have none.
LABELLED: Final = (2, 13)
PDF: Final = b"%PDF-1.7\nnot much of a document\n%%EOF\n"
#: Its own: the PACS of the session keeps the first object that it is given under a UID.
REPORT_UID: Final = "2.25.20261130"
PATIENT: Final = "Žižková^Анна=山田^太郎"
NAMES: Final = ("facial artery", "Ωμέγα 血管 Žíla", "وريد الوجه")


@dataclass(frozen=True)
class Study:
    """Kind of object to its file, the further copies with labels, and the labels that the report has."""

    files: dict[str, Path]
    copies: tuple[Path, ...]
    labels: tuple[Finding, ...]

    def names_in(self, thing: str) -> set[str]:
        """The names of labels that an object holds; the patient's name is in each."""
        if thing not in ("report", "segmentation", "presentation state"):
            return set()
        return {f.name for f in self.labels if thing == "report" or (f.image == self.clip and f.kind == "vessel")}

    @property
    def clip(self) -> str:
        """The clip's SOP Instance UID."""
        return self.files["clip"].stem

    def place_of(self, label: Finding) -> tuple[str, int | None]:
        """SOP Instance UID and the standard's frame number (from 1; None for a still) of a label."""
        return str(label.image), label.frame + 1 if label.image == self.clip else None

    def on(self, thing: str, frame: int = 0) -> list[Finding]:
        """The labels on a picture's frame."""
        return [f for f in self.labels if f.image == self.files[thing].stem and f.frame == frame]


def make(folder: Path) -> Study:
    """The study's files in `folder`."""
    one = jpeg_clip(folder / "one", 1, COLUMNS, ROWS)
    times = [5_000_000_000 + round(t * 1e9) for t in TIMES_S]
    many = jpeg_clip(folder / "many", FRAMES, COLUMNS, ROWS, times=times)
    still = encode_still(one, STUDY, SERIES, EQUIPMENT, scales=[SCALE], scratch=folder)
    split = encode_still(one, STUDY, SERIES, EQUIPMENT, scales=[LEFT, RIGHT], instance_number=2, scratch=folder)
    (clip,) = encode_clip(many, STUDY, SERIES, EQUIPMENT, scales=[SCALE], scratch=folder)
    first, second = LABELLED
    pictures = [
        Stored(still, write(still, folder), one, labelled(still, one, {0: vessels_and_layers()})),
        Stored(clip, write(clip, folder), many, labelled(clip, many, {first: _early(), second: _late()})),
    ]
    frames = [each for stored in pictures for each in stored.frames]
    labels = tuple(f for each in frames for f in each.findings)
    report = encode_report(
        *(Document(findings=labels), STUDY, Series(SERIES.phase, 1000), [still, clip]),
        scales={still.sop_instance_uid: [SCALE], clip.sop_instance_uid: [SCALE]},
        sop_instance_uid=REPORT_UID,
    )
    series = {kind: kind.series(REPORT_UID, SERIES) for kind in LabelSeries}
    copies = [
        encode_annotated_copy(
            each, STUDY, series[LabelSeries.ANNOTATED_COPY], report_uid=REPORT_UID, instance_number=number
        )
        for number, each in enumerate(frames, start=1)
    ]
    areas = encode_segmentation(
        *(pictures[1].frames, STUDY, series[LabelSeries.SEGMENTATION]),
        report_uid=REPORT_UID,
        layer_order=LAYER_ORDER,
    )
    assert areas is not None
    record = encode_encounter(
        demonstration("normal"), STUDY, Series(SERIES.phase, 1100), [], sop_instance_uid="2.25.20261131"
    )
    made: dict[str, EncodedObject] = {
        "still": still,
        "split screen": split,
        "clip": clip,
        "report": report,
        "segmentation": areas,
        "presentation state": encode_presentation(
            pictures[1].frames, STUDY, series[LabelSeries.PRESENTATION], report_uid=REPORT_UID
        ),
        "copy with labels": copies[0],
        "selection": encode_selection(frames, copies, report, STUDY, series[LabelSeries.SELECTION]),
        "record": record,
    }
    files = {name: write(item, folder) for name, item in made.items()}
    files["photograph"] = write(_photograph(folder), folder)
    files["rejection note"] = write(_rejection(files["split screen"], split), folder)
    made["PDF"] = _document(files["record"], record)
    files["PDF"] = write(made["PDF"], folder)
    return Study(files, tuple(write(item, folder) for item in copies[1:]), labels)


def _early() -> tuple[Finding, ...]:
    return (
        finding(kind="vessel", vessel_kind="artery", term="fa", name=NAMES[0],
                shape=Ellipse.around((140, 120), (20, 11))),
        finding(kind="distance", name="skin to artery", shape=Line(start=(140, 30), end=(140.5, 109))),
    )  # fmt: skip


def _late() -> tuple[Finding, ...]:
    return (
        finding(kind="vessel", vessel_kind="artery", term="fa", name=NAMES[0],
                shape=Ellipse.around((200, 120), (20, 11))),
        finding(kind="vessel", vessel_kind="unknown", name=NAMES[1],
                shape=Polyline(vertices=((101, 60), (150, 70), (120, 100)), closed=True)),
        finding(kind="vessel", vessel_kind="vein", name=NAMES[2],
                shape=Polyline(vertices=((201, 160), (250, 170), (240, 200), (210, 190)), closed=True)),
    )  # fmt: skip


def _photograph(folder: Path) -> EncodedObject:
    """A picture of a camera, not of a face: what programs make of the kind of object is asked here."""
    taken = folder / "camera.jpg"
    taken.write_bytes(jpeg(COLUMNS, ROWS, 7))
    return encode_photograph(
        *(camera_picture(taken), Taken(View.FRONT, STUDY.started_at), STUDY, Series(SERIES.phase, 1300)),
        sop_instance_uid="2.25.20261133",
    )


def _rejection(file: Path, item: EncodedObject) -> EncodedObject:
    """A note that hides the still of a split screen."""
    from pydicom import dcmread

    return encode_rejection(
        *([item], dcmread(file, stop_before_pixels=True), STUDY, WRONG_WORKLIST_ENTRY),
        reason="die falsche Zeile · 間違い",
        by="Åsa Лена 山田",
        sop_instance_uid="2.25.20261134",
    )


def _document(like: Path, source: EncodedObject) -> EncodedObject:
    from pydicom import dcmread

    return encode_document(
        *(PDF, "record", "Record of an encounter", dcmread(like), Series(SERIES.phase, 1200), [source]),
        sop_instance_uid="2.25.20261132",
        dated=datetime(2026, 11, 24, 10, tzinfo=UTC),
    )
