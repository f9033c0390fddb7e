"""On the encounter's page velocities are read off a capture for the open vessel, and stand in the record once taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from procedure.answers import Side
from procedure.vessels import Vessel, VesselType
from tests.gui.using import press
from tests.gui.waiting import until
from tests.imaging.spectra import draw_spectrum
from tests.workstation.recordings import drawn_clip
from workstation.controller import Controller
from workstation.probe_screen.screens import Told

pytestmark = pytest.mark.window


@pytest.mark.requirement("S3")
def test_velocities_are_offered_for_the_open_vessel_and_stand_in_the_record_once_taken_over(
    program: Controller, tmp_path: Path
) -> None:
    drawn = draw_spectrum(1, size=(960, 720), layout="below", time="labels", below_baseline=False)
    encounter, bar = program.desk.encounter, program.window.encounter_page.read_off
    artery = Vessel(
        tracking_uid="2.25.5", vessel_type=VesselType.UNKNOWN, side=Side.LEFT, region="nlf", term="fa", named_by="AB"
    )
    encounter.add("told", vessels=artery)
    program.window.show_page("encounter")
    program.encounter.page.show_part("people")
    assert not bar.isVisible(), "nothing of a person is read off a picture"
    program.encounter.page.show_part("vessels")
    program.encounter.page.open_entry(0)
    assert bar.isVisible() and not bar.read.isEnabled(), "nothing was captured yet"

    capture = program.desk.add(drawn_clip(tmp_path / "drawn", [drawn.bgr]), still=True, told=Told())
    program.encounter.scan.take(capture, None)
    assert bar.captures.count() == 1 and bar.read.isEnabled()
    press(bar.read)
    assert not bar.read.isEnabled() and not bar.take.isVisible()
    until(lambda: bar.take.isVisible(), 60)
    assert "Peak systolic velocity" in bar.told.text() and "Suggested" in bar.told.text()
    assert program.window.minimumSizeHint().height() <= 720
    assert encounter.record.vessels == (artery,), "what is offered is not in the record"
    press(bar.take)
    (vessel,) = encounter.record.vessels
    (look,) = vessel.observations
    assert (
        look.image is not None and look.image.image_uid == capture.key and look.peak_systolic_velocity_cm_s is not None
    )
    assert vessel.vessel_type is VesselType.UNKNOWN, "what kind it is a person says"
    assert encounter.changes[-1].what == "Vessel fa: velocities taken over"
    form = program.window.encounter_page.form
    assert form is not None and form.record() == vessel, "the open form shows it"
