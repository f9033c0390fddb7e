"""Velocities and frames with the tip, read off captures in a real spool: offered, taken over, and kept beside the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from annotation import Document, Finding, Point
from devices.cv import cv2
from dicom_io.context import new_uid
from imaging.errors import CannotTell
from imaging.scale import Scale
from procedure import Encounter
from procedure.answers import Answer, Estimate, Sight
from procedure.demonstration import demonstration
from procedure.images import ImageKind, ImageRef, KeptImage
from procedure.observing import with_labels
from procedure.phase import Phase
from procedure.vessels import Direction, Evidence, Observation, Vessel
from tests.imaging.phantom import CHEEK, Body, Film, needle_db
from tests.imaging.spectra import draw_spectrum
from tests.workstation.recordings import drawn_clip
from workstation.encounter.read_off import tip_frames, velocities
from workstation.studies.visit import Capture, Visit

Bgr = npt.NDArray[np.uint8]
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def captured(root: Path, pictures: Sequence[Bgr], scale: Scale | None = None) -> Capture:
    """The pictures as a capture of the phase before the procedure."""
    visit = Visit.begin("P-1", phase=Phase.PRE)
    scales = (scale,) if scale is not None else ()
    return Capture("still" if len(pictures) == 1 else "clip", drawn_clip(root, pictures), visit, new_uid(), scales)


def drawn_vessel(record: Encounter) -> Vessel:
    return record.vessels[0]


@pytest.fixture
def record() -> Encounter:
    return demonstration("normal")


@pytest.mark.requirement("S3")
def test_a_spectrum_s_velocities_are_offered_and_taken_over(tmp_path: Path, record: Encounter) -> None:
    drawn = draw_spectrum(1, size=(960, 720), layout="below", time="labels", below_baseline=False)
    capture = captured(tmp_path / "spool", [drawn.bgr])
    record = record.with_added(
        images=KeptImage(image_uid=capture.key, kind=ImageKind.STILL, at=AT, by="AB", phase=Phase.PRE)
    )
    vessel = drawn_vessel(record)
    offer = velocities.read(capture, vessel, Document())
    assert offer.take is not None
    assert any(line.startswith("Peak systolic velocity: ") and "cm/s" in line for line in offer.lines)
    assert any(line.startswith("Suggested: ") for line in offer.lines), "the kind is suggested, not written"
    taken = offer.take(record, "AB", AT)
    now = taken.vessel(vessel.tracking_uid)
    assert now is not None and now.vessel_type == vessel.vessel_type
    (look,) = (one for one in now.observations if one.image and one.image.image_uid == capture.key)
    peak, end = look.peak_systolic_velocity_cm_s, look.end_diastolic_velocity_cm_s
    assert peak is not None and peak.value == pytest.approx(drawn.peak_systolic_cm_s, rel=0.05) and peak.uncertainty
    assert end is not None and end.value == pytest.approx(drawn.end_diastolic_cm_s, rel=0.25)
    assert look.heart_rate_per_min is not None
    assert look.heart_rate_per_min.value == pytest.approx(drawn.heart_rate_per_min, abs=3)
    assert (look.flow, look.evidence, look.by) == (Sight.SEEN, Evidence.DOPPLER, "AB")
    assert "Read off the spectrum" in look.text and now.observations[:-1] == vessel.observations

    again = offer.take(taken, "CD", AT)
    assert again == taken, "taking over twice is taking over once"
    labelled = with_labels(taken, Document(), {capture.key}, {})
    assert labelled == taken, "a label need not lie on the spectrum's picture"


def test_what_a_person_told_of_the_same_look_stays(tmp_path: Path, record: Encounter) -> None:
    capture = captured(tmp_path / "spool", [np.zeros((48, 64, 3), np.uint8)])
    vessel = drawn_vessel(record)
    told = Observation(
        at=AT,
        by="CD",
        phase=Phase.PRE,
        image=ImageRef(image_uid=capture.key),
        evidence=Evidence.B_MODE,
        depth_mm=Estimate(4.0, 0.3),
        compressible=Answer.NO,
        text="Beside the fold.",
    )
    record = replace(record, vessels=(replace(vessel, observations=(told,)),))
    answers = {"flow": Sight.SEEN, "direction": Direction.TOWARDS}
    taken = velocities.with_answers(
        record, vessel.tracking_uid, capture, 0, answers, by="AB", at=AT, source="Read off the colours."
    )
    (look,) = taken.vessels[0].observations
    assert (look.depth_mm, look.compressible, look.by) == (told.depth_mm, told.compressible, "CD")
    assert (look.evidence, look.direction) == (Evidence.BOTH, Direction.TOWARDS)
    assert look.text == "Beside the fold. Read off the colours."
    gone = velocities.with_answers(record, "2.25.99", capture, 0, answers, by="AB", at=AT, source="")
    assert gone is record


def test_a_picture_without_doppler_says_so(tmp_path: Path, record: Encounter) -> None:
    capture = captured(tmp_path / "spool", [np.full((240, 320, 3), 60, np.uint8)])
    with pytest.raises(CannotTell, match=r"no Doppler spectrum.*No colour.*by hand"):
        velocities.read(capture, drawn_vessel(record), Document())


@pytest.mark.requirement("S25")
def test_frames_without_the_tip_are_counted_and_a_person_takes_the_count_over(
    tmp_path: Path, record: Encounter
) -> None:
    film = Film(Body(CHEEK, seed=0))
    reach_mm = [0.0, 0.0, 0.0, 3.0, 6.0, 9.0, 12.0, 12.0, 12.0, 12.0, 8.0, 4.0]
    way = np.array([11.0, 4.7]) / np.hypot(11.0, 4.7)
    pictures = []
    for reach in reach_mm:
        tip = (float(reach * way[0]), float(1 + reach * way[1]))
        bgr = film.picture(extra_db=needle_db(film, (0.0, 1.0), tip) if reach else None)
        pictures.append(cv2.copyMakeBorder(bgr, 40, 40, 60, 60, cv2.BORDER_CONSTANT))
    height, width = pictures[0].shape[:2]
    scale = Scale(film.mm, film.mm, (60, 40, width - 60, height - 40), "two-point", 0.01)
    capture = captured(tmp_path / "spool", pictures, scale)
    by_hand = Finding(kind="tip", name="tip", shape=Point(at=(100.0, 60.0)), image=capture.key, frame=0, by="AB")
    offer = tip_frames.read(capture, 0, Document(findings=(by_hand,)))
    assert offer.take is not None
    before = replace(record.injections[0], tip_frames=None, tip_unseen_frames=None, tip_image=None)
    taken = offer.take(replace(record, injections=(before, *record.injections[1:])), "AB", AT)
    injection = taken.injections[0]
    assert injection.tip_frames == 12 and injection.tip_unseen_frames is not None
    assert 2 <= injection.tip_unseen_frames <= 4, "before it comes in, and perhaps at its first and last millimetres"
    assert injection.tip_image is not None and injection.tip_image.image_uid == capture.key
    assert capture.key in injection.image_uids and taken.injections[1:] == record.injections[1:]
    assert injection.tip == before.tip, "whether it was in view when the product came out is the person's answer"
    assert f"in {12 - injection.tip_unseen_frames} of 12 frames" in offer.lines[0] and "frames 2 to 3" in offer.lines[1]
    with pytest.raises(CannotTell, match="one frame"):
        tip_frames.read(captured(tmp_path / "still", pictures[:1]), 0, Document())
