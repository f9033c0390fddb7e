"""Labelled pictures to make objects from: a still and a clip with labels of each kind and shape, in several scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from acquisition.cine import Clip
from annotation import Ellipse, Finding, ImageNote, Line, Point, Polyline, measurements
from dicom_io import EncodedObject, encode_clip, encode_still
from dicom_io.labels.labelled import LabelledFrame
from imaging.scale import Scale
from tests.dicom_io.material import EQUIPMENT, SCALE, SERIES, STUDY, jpeg_clip, write

COLUMNS, ROWS = 320, 240
REPORT_UID = "2.25.77"
LAYER_ORDER = ("epi", "der-u", "der-l", "sfat", "smas", "musc", "dfat", "perio")


def finding(**facts: object) -> Finding:
    """A finding with its measurements, by one person in three scripts."""
    taken = measurements(facts["shape"], SCALE)  # type: ignore[arg-type]
    return Finding.model_validate({"by": "Åsa Лена 山田", "measurements": taken, **facts})


def vessels_and_layers() -> tuple[Finding, ...]:
    """A frame's labels: two vessels as areas, one as a line, four layers of which two bound areas, a point, a distance."""
    return (
        finding(kind="vessel", vessel_kind="artery", term="fa", name="facial artery",
                shape=Ellipse.around((150.3, 120.7), (20, 11), 30)),
        finding(kind="vessel", vessel_kind="unknown", name="Ωμέγα 血管 Žíla",
                shape=Polyline(vertices=((201.1, 110.2), (250, 120), (220, 150)), closed=True)),
        finding(kind="vessel", vessel_kind="vein", name="وريد الوجه",
                shape=Polyline(vertices=((101.1, 130.2), (150, 140), (200, 160)))),
        finding(kind="layer", term="sfat", name="superficial fat",
                shape=Polyline(vertices=((10.5, 40.25), (150, 44), (300.5, 38)))),
        finding(kind="layer", term="smas", name="SMAS", shape=Polyline(vertices=((50, 70), (280, 66)))),
        finding(kind="layer", term="perio", name="periosteum", shape=Polyline(vertices=((20, 200), (300, 190)))),
        finding(kind="point", term="gonion", name="gonion", shape=Point(at=(150, 60))),
        finding(kind="distance", name="skin to artery", shape=Line(start=(150, 20), end=(150.33, 110))),
    )  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """A still or clip as an object, its file, its source, and its labelled frames."""

    item: EncodedObject
    path: Path
    source: Clip
    frames: tuple[LabelledFrame, ...]


def labelled(
    item: EncodedObject, source: Clip, findings: Mapping[int, Sequence[Finding]], scales: tuple[Scale, ...] = (SCALE,)
) -> tuple[LabelledFrame, ...]:
    """The labelled frames of one stored picture: frame (from 0) to what is said on it."""
    return tuple(
        LabelledFrame(
            image=item,
            frame=frame,
            still=source.still(frame) if len(source.frames) > 1 else source,
            series=SERIES,
            equipment=EQUIPMENT,
            scales=scales,
            printed=(),
            findings=tuple(f.changed(image=item.sop_instance_uid, frame=frame) for f in said),
            note=ImageNote(image=item.sop_instance_uid, frame=frame, plane="transverse", landmark="antegonial-notch"),
        )
        for frame, said in findings.items()
    )


def stored_still(folder: Path, source: Clip | None = None) -> Stored:
    """A labelled still."""
    source = source or jpeg_clip(folder / "still", 1, COLUMNS, ROWS)
    item = encode_still(source, STUDY, SERIES, EQUIPMENT, scales=[SCALE], scratch=folder)
    return Stored(item, write(item, folder), source, labelled(item, source, {0: vessels_and_layers()}))


def stored_clip(folder: Path, count: int = 12) -> Stored:
    """A clip with a vessel on each frame, at another place each time (one on the first six), and on frame 3 all sorts."""
    source = jpeg_clip(folder / "clip", count, COLUMNS, ROWS)
    (item,) = encode_clip(source, STUDY, SERIES, EQUIPMENT, scales=[SCALE], scratch=folder)
    said = {
        frame: [
            finding(kind="vessel", vessel_kind="artery", term="fa", name="one" if frame < 6 else f"artery {frame}",
                    tracking_uid="2.25.123" if frame < 6 else f"2.25.{1000 + frame}",
                    shape=Ellipse.around((40 + 10 * frame, 120), (9, 7))),
            *(vessels_and_layers() if frame == 3 else ()),
        ]
        for frame in range(count)
    }  # fmt: skip
    return Stored(item, write(item, folder), source, labelled(item, source, said))
