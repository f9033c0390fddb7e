"""The printed documents as plain data: no recorded value is lost, every blank is visible, every word keeps to the wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from procedure import Encounter, telling
from procedure.answers import Estimate, Sight
from procedure.demonstration import SCENARIOS, demonstration
from procedure.documents import (
    Blank,
    Facts,
    Figures,
    Page,
    Printed,
    Sources,
    Table,
    Text,
    Tone,
    handover_document,
    patient_document,
    record_document,
    strings,
)
from procedure.missing import missing
from procedure.protocol_files import built_in
from procedure.questions import questions
from procedure.states import State
from procedure.steps import correct
from procedure.timeline import timeline
from procedure.walk import leaves
from procedure.wording import NO_SIGNAL, PURPOSE, RESIDUAL_RISK, VISION, banned_in
from tests.procedure.strategies import encounters


def joined(page: Page) -> str:
    """All text of a document, without the spaces: where lines break is the paper's affair."""
    return "\n".join("".join(text.split()) for text in strings(page))


def expected(encounter: Encounter) -> Iterator[tuple[str, str]]:
    """(place, text) of every value that has to be found: numbers with all their digits, frames as people count them, places
    on a picture to a tenth of a pixel, on the schematic face to a tenth of a millimetre."""
    for place, field, value in leaves(encounter):
        if isinstance(value, bool) or (field.name == "frame" and isinstance(value, int)):
            text = str(value + 1) if field.name == "frame" and isinstance(value, int) else ""
        elif isinstance(value, float) and field.name not in ("column", "row", "x_mm", "y_mm", "z_mm"):
            text = telling.number(value)
        else:
            text = telling.value(field.name, value)
        yield place, "".join(text.split())


def lost(encounter: Encounter, page: Page) -> list[tuple[str, str]]:
    text = joined(page)
    return [(place, told) for place, told in expected(encounter) if told not in text]


@pytest.mark.requirement("S20")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_recorded_value_of_a_demonstration_is_printed(scenario: str) -> None:
    encounter = demonstration(scenario)
    assert lost(encounter, record_document(encounter, Sources(), built_in())) == []


@pytest.mark.requirement("S20")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(encounters())
def test_no_value_of_any_encounter_is_lost(encounter: Encounter) -> None:
    page = record_document(encounter, Sources(), built_in())
    assert lost(encounter, page) == []
    for one_page in (handover_document(encounter), handover_document(encounter, rows=1)):
        assert one_page.one_page
    patient_document(encounter)


@pytest.mark.requirement("S20")
@pytest.mark.requirement("S27")
def test_every_blank_and_question_is_printed() -> None:
    encounter = replace(
        demonstration("occlusion-rescue"), history=None, kit=None, consents=(), aseptic_steps=(), people=(), plans=()
    )
    page = record_document(encounter, Sources(), built_in())
    told = list(strings(page))
    blanks, asked = missing(encounter, built_in()), questions(encounter, built_in())
    assert len(blanks) > 20
    for text, where in [*((b.text, b.where) for b in blanks), *((q.text, q.where) for q in asked)]:
        assert text in told and telling.place(where) in told
    assert f"{len(blanks)} entries are missing, {len(asked)} questions are open" in "\n".join(told)
    facts = [row for block in page.blocks if isinstance(block, Facts) for row in block.rows]
    empty = [label for label, cell in facts if isinstance(cell, Blank)]
    for label in ("consent to the treatment", "history", "emergency kit", "plan"):
        assert label in empty
    assert RESIDUAL_RISK in told, "the wording on the risk that remains stands there whatever the record says"
    assert PURPOSE in told


@pytest.mark.requirement("N12")
@pytest.mark.requirement("S26")
def test_the_timeline_is_printed_row_by_row_with_its_times() -> None:
    encounter = demonstration("occlusion-rescue")
    told = list(strings(record_document(encounter, Sources(), built_in())))
    for row in timeline(encounter.complications[0]):
        assert row.what in told
    assert "+0:08:00" in told and NO_SIGNAL in told
    assert not any("crt" in text.split() or "us-" in text for text in told), "signs are told in words"


def test_state_simulation_and_versions_are_told() -> None:
    final = demonstration("normal")
    draft = correct(final, "Demo operator", final.started_at + timedelta(days=1), "the lot was read wrongly")
    page = record_document(draft, Sources(), built_in())
    alarms = [block.text for block in page.blocks if isinstance(block, Text) and block.tone is Tone.ALARM]
    assert any(text.startswith("Draft.") for text in alarms) and any("Not a patient" in text for text in alarms)
    assert "SIMULATED" in page.running and "DRAFT" in page.running
    assert "the lot was read wrongly" in list(strings(page)) and draft.earlier_versions[0].sha256 in joined(page)
    assert "version 2, draft" in page.foot and "not a diagnosis" in page.foot


def test_a_document_has_no_clock_unless_one_is_given() -> None:
    encounter = demonstration("normal")
    page = record_document(encounter, Sources(), built_in())
    assert page == record_document(encounter, Sources(), built_in())
    assert page.dated == encounter.signatures[-1].at
    assert record_document(replace(encounter, signatures=(), state=State.DRAFT), Sources(), built_in()).dated == (
        encounter.started_at
    )
    later = encounter.started_at + timedelta(days=9)
    told = record_document(encounter, Sources(), built_in(), Printed("A clerk", later))
    assert told.dated == later and "A clerk" in list(strings(told)) and telling.moment(later) in list(strings(told))


@pytest.mark.requirement("S6")
def test_the_handover_says_what_where_when_and_what_was_given() -> None:
    encounter = demonstration("occlusion-rescue")
    later = encounter.complications[0].noticed_at + timedelta(hours=1, minutes=2, seconds=3)
    page = handover_document(encounter, Printed("Demo operator", later))
    told = list(strings(page))
    text = "\n".join(told)
    first = [block for block in page.blocks if isinstance(block, Text) and block.tone is Tone.ALARM]
    assert first[1].text == VISION and page.one_page
    for word in ("left nasolabial fold and ala", "hyaluronidase 150 IU", "300 IU", "DEMO-L1", "blanching", "+0:08:00"):
        assert word in text
    assert "+1:02:03" in told, "elapsed since the first sign, when printed"
    assert "DEMO-H1" in text and "Simulated eye unit" in text
    assert sum(cell is Blank.TO_FILL_IN for b in page.blocks if isinstance(b, Facts) for _, cell in b.rows) == 3


def test_a_number_that_can_hardly_be_right_is_not_handed_over_as_if_it_were() -> None:
    encounter = demonstration("occlusion-rescue")
    event = encounter.complications[0]
    slipped = replace(event, doses=(replace(event.doses[0], dose_iu=15_000_000.0), *event.doses[1:]))
    wrong = replace(encounter, complications=(slipped,))
    assert "Asked, not answered: Is 15000000 IU right?" in "\n".join(strings(handover_document(wrong)))
    assert "unusual" in "\n".join(strings(patient_document(wrong)))
    for page in (handover_document(encounter), patient_document(encounter)):
        assert "Asked" not in "\n".join(strings(page)) and "unusual" not in "\n".join(strings(page))


@pytest.mark.requirement("S7")
def test_a_layer_s_thickness_is_printed_with_its_uncertainty() -> None:
    encounter = demonstration("normal")
    visit = encounter.visits[0]
    measured = replace(visit.seen[0], thickness_mm=Estimate(1.25, 0.14))
    told = replace(encounter, visits=(replace(visit, seen=(measured, *visit.seen[1:])), *encounter.visits[1:]))
    assert "1.25 ± 0.14 mm thick" in "\n".join(strings(record_document(told, Sources(), built_in())))
    assert lost(told, record_document(told, Sources(), built_in())) == []


def test_a_crowded_handover_counts_what_it_leaves_out() -> None:
    encounter = demonstration("occlusion-rescue")
    event = encounter.complications[0]
    many = replace(
        event, doses=tuple(replace(event.doses[0], at=event.noticed_at + timedelta(minutes=n)) for n in range(40))
    )
    page = handover_document(replace(encounter, complications=(many,)), rows=6)
    (doses,) = [b for b in page.blocks if isinstance(b, Table) and b.columns[1] == "what"]
    assert len(doses.rows) == 7 and doses.rows[0][0] == "35 earlier rows: see the whole record"
    assert doses.rows[-1][1] == "6000 IU", "the sum stays, and is of all doses"


def test_the_handover_goes_by_the_clock_and_not_by_the_order_of_writing() -> None:
    """In an emergency things are entered in any order: the last look, and what is left out as earlier, go by their times."""
    encounter = demonstration("occlusion-rescue")
    event = encounter.complications[0]

    def at(minutes: int) -> datetime:
        return event.noticed_at + timedelta(minutes=minutes)

    look, measure, injection = event.rechecks[0], event.measures[0], encounter.injections[0]
    late_written = replace(
        event,
        rechecks=(
            replace(look, at=at(50), flow=Sight.NOT_SEEN),
            *(replace(look, at=at(minutes), flow=Sight.SEEN) for minutes in (10, 20, 30)),
        ),
        measures=tuple(replace(measure, at=at(minutes)) for minutes in (45, 5, 15)),
    )
    injections = tuple(replace(injection, at=at(minutes)) for minutes in (-5, -25, -15))
    page = handover_document(replace(encounter, complications=(late_written,), injections=injections), rows=2)
    assert NO_SIGNAL in list(strings(page)), "it stands beside a look that saw no signal"
    tables = {block.columns[1]: block for block in page.blocks if isinstance(block, Table)}
    for name, minutes in (("other measures", (15, 45)), ("product", (-15, -5))):
        told = [str(row[0]) for row in tables[name].rows]
        assert told[0].startswith("1 earlier row")
        assert [row.startswith(telling.moment(at(m))) for row, m in zip(told[1:], minutes, strict=True)] == [True, True]


def test_the_patients_copy_is_plain_and_has_the_lots() -> None:
    told = "\n".join(strings(patient_document(demonstration("occlusion-rescue"))))
    for word in ("DEMO-L1", "Demo enzyme", "DEMO-H1", "Any change of sight", "000 (simulated)", RESIDUAL_RISK):
        assert word in told
    for word in ("tracking", "SHA-256", "PRF", "UID as"):
        assert word not in told


@pytest.mark.requirement("S29")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_banned_phrase_and_no_dose_that_nobody_recorded(scenario: str) -> None:
    encounter = demonstration(scenario)
    for page in (
        record_document(encounter, Sources(), built_in()),
        handover_document(encounter),
        patient_document(encounter),
    ):
        for text in strings(page):
            assert not banned_in(text.replace(PURPOSE, "")), text
            assert "1500 IU" not in text.replace("1500 IU in 5 mL saline", ""), (
                "no published dose stands beside the recorded"
            )


def test_a_picture_that_is_missing_is_a_visible_gap() -> None:
    encounter = demonstration("normal")
    (pictures,) = [b for b in record_document(encounter, Sources(), built_in()).blocks if isinstance(b, Figures)]
    assert len(pictures.figures) == len(encounter.images)
    for figure in pictures.figures:
        assert figure.picture is None and figure.lines[-1] == "The picture is not among the files."
