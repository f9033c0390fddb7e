"""The conflicts of the clinical reference (section 0) that are rules of the program, not questions; and that each is held."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from procedure import telling
from procedure.complication import Dose
from procedure.demonstration import demonstration
from procedure.documents import Sources, record_document
from procedure.documents.blocks import strings
from procedure.encounter import Encounter
from procedure.plan import InstrumentType, Plan
from procedure.protocol_files import built_in
from procedure.questions import questions
from procedure.timeline import timeline
from procedure.wording import banned_in

TESTS = Path(__file__).parents[1]


def with_reason(text: str) -> Encounter:
    encounter = demonstration("normal")
    plan = encounter.plans[0]
    reasons = (replace(plan.reasons[0], text=text), *plan.reasons[1:])
    return replace(encounter, plans=(replace(plan, reasons=reasons), *encounter.plans[1:]))


def test_each_conflict_is_named_by_a_test() -> None:
    text = "\n".join(path.read_text("utf-8") for path in (TESTS / "procedure").glob("test_*.py"))
    assert [f"X{n}" for n in range(1, 18) if not re.search(rf"\bX{n}\b", text)] == []


@pytest.mark.requirement("S5")
def test_no_instrument_is_ranked_above_another() -> None:
    """X9: of the two sources each says the contrary; a person's own 'safer' is asked about, and stays as it was written."""
    assert all(not banned_in(telling.word(kind)) for kind in InstrumentType)
    assert all(field.default is None or field.default == "" for field in fields(Plan) if field.name == "instrument")
    encounter = with_reason("A 27G cannula is safer than a needle.")
    assert "X5" in [question.id for question in questions(encounter, built_in())]
    assert encounter.plans[0].reasons[0].text in list(strings(record_document(encounter, Sources(), built_in())))


@pytest.mark.requirement("S29")
def test_no_plane_is_called_what_it_cannot_be() -> None:
    """X11: preperiosteal is praised by one source and warned of by the other."""
    encounter = with_reason("Preperiosteal is a safe plane on the nose.")
    assert "X5" in [question.id for question in questions(encounter, built_in())]


@pytest.mark.requirement("S6")
def test_only_elapsed_time_is_told() -> None:
    """X14: sources differ from 12 to 105 minutes, so nothing counts down; a late entry is told as late as it is."""
    encounter = demonstration("occlusion-rescue")
    event = encounter.complications[0]
    late = replace(event.rechecks[-1], at=event.noticed_at + timedelta(hours=4))
    event = replace(event, rechecks=(*event.rechecks, late))
    elapsed = [row.elapsed_s for row in timeline(event) if row.elapsed_s is not None]
    assert elapsed == sorted(elapsed) and elapsed[-1] >= 4 * 3600
    told = "\n".join(strings(record_document(replace(encounter, complications=(event,)), Sources(), built_in())))
    assert "+4:00:00" in told
    assert not re.search(r"\b(remaining|countdown|minutes left|deadline)\b", told, re.IGNORECASE)


@pytest.mark.requirement("S6")
def test_no_dose_stands_there_before_a_person_says_it() -> None:
    """X13: a dose has no default; profiles are shown with their sources and fill nothing in."""
    with pytest.raises(TypeError):
        Dose(at=demonstration("normal").started_at, by="AB")  # type: ignore[call-arg]
