"""The demonstration in the window: a whole encounter, told, recorded, labelled, signed and saved, on real widgets."""

from __future__ import annotations

import pytest

from procedure import Phase
from procedure.coverage import Status, coverage
from procedure.protocol_files import built_in
from procedure.states import State
from tests.gui.waiting import until
from workstation.controller import Controller
from workstation.demonstration import Demonstration
from workstation.encounter.sections import standing

pytestmark = pytest.mark.window


@pytest.mark.requirement("S32")
def test_a_whole_encounter_ends_with_its_study_open(program: Controller) -> None:
    program.live.start("mock:normal")
    demonstration = Demonstration(program, look_ms=50)
    until(lambda: demonstration.finished, 150)
    demonstration.end()
    opened = program.review.opened
    assert opened is not None and opened.encounter is not None and len(opened.reels) == 5
    record = opened.encounter
    assert record == program.desk.encounter.record
    assert record.simulated and record.state is State.FINAL and record.patient.patient_id == "DEMO-0001"
    assert {image.phase for image in record.images} == {Phase.PRE, Phase.DURING, Phase.POST}
    assert record.plans[0].reasons[0].finding_uids[0] in {vessel.tracking_uid for vessel in record.vessels}
    assert any(len(vessel.in_phase(Phase.POST)) for vessel in record.vessels), "the same vessel, looked at again"
    done = [entry.status for entry in coverage(record, built_in()) if entry.phase is Phase.PRE]
    assert done and all(status in (Status.DONE, Status.PARTIAL) for status in done)
    assert {label.term for label in opened.document.findings} >= {"fa", "fv"}
    blanks = {blank.text for lacks in standing(record, built_in()).lacks.values() for blank in lacks}
    assert not {text for text in blanks if "reason" in text or "consent" in text.lower()}, (
        "the story leaves no such blank"
    )
