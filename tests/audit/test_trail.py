"""The standard's audit messages: what goes in comes back, and only what is one is read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.trail import TrailAct, TrailEvent, TrailUnreadable, message_of, read_message
from tests.interop.tools import run

WORDS = st.text(st.characters(categories=("L", "N", "P", "Zs"), codec="utf-8"), min_size=1, max_size=20)
MOMENTS = st.integers(0, 4 * 10**12).map(
    lambda ms: datetime(2000, 1, 1, tzinfo=timezone(timedelta(hours=1))) + timedelta(milliseconds=ms)
)


EVENTS = st.builds(
    TrailEvent,
    st.sampled_from(TrailAct),
    MOMENTS,
    WORDS,
    WORDS,
    st.lists(st.integers(1, 9).map(lambda n: f"1.2.{n}"), max_size=3).map(tuple),
    st.one_of(st.just(""), WORDS),
    st.booleans(),
    *[st.one_of(st.just(""), WORDS)] * 3,
)


@settings(max_examples=60)
@given(EVENTS)
def test_what_goes_in_comes_back_on_one_line(event: TrailEvent) -> None:
    text = message_of(event)
    assert read_message(text) == event and "\n" not in text


def test_it_has_the_parts_of_the_standard() -> None:
    """PS3.15, A.5.1 and A.5.3.5: event with its code, requestor, source, and the study as object type 2 in role 3."""
    event = TrailEvent(TrailAct.EXPORTED, datetime(2026, 3, 2, tzinfo=UTC), "anna", "desk-1", ("1.2.3",), "zip")
    root = ET.fromstring(message_of(event))
    assert [child.tag for child in root] == [
        "EventIdentification", "ActiveParticipant", "ActiveParticipant", "AuditSourceIdentification",
        "ParticipantObjectIdentification",
    ]  # fmt: skip
    assert root[0].attrib["EventOutcomeIndicator"] == "0" and root[0][0].attrib["csd-code"] == "110106"
    assert root[1].attrib["UserIsRequestor"] == "true" and root[2][0].attrib["csd-code"] == "110154"
    study = root[4].attrib
    assert (study["ParticipantObjectID"], study["ParticipantObjectTypeCode"]) == ("1.2.3", "2")
    assert study["ParticipantObjectTypeCodeRole"] == "3"


@pytest.mark.parametrize("text", ["", "<AuditMessage/>", "<x", message_of(
    TrailEvent(TrailAct.EXPORTED, datetime(2026, 3, 2, tzinfo=UTC), "a", "b")).replace("110106", "1")])  # fmt: skip
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(TrailUnreadable):
        read_message(text)


@pytest.mark.requirement("S20")
def test_every_kind_of_message_is_valid_by_the_standard_s_schema(tmp_path: Path) -> None:
    """PS3.15, A.5.1 in RELAX NG, by libxml2; and the schema finds what is wrong."""
    schema = Path(__file__).with_name("audit-message.rng")
    for number, act in enumerate(TrailAct):
        bare = TrailEvent(act, datetime(2026, 3, 2, tzinfo=UTC), "anna", "desk-1")
        (tmp_path / f"bare{number}.xml").write_text(message_of(bare))
        whole = replace(
            bare, studies=("1.2.3", "1.2.4"), to="zip", ok=False, account="os", about="tim", why="locked & <>"
        )
        (tmp_path / f"whole{number}.xml").write_text(message_of(whole))
    files = sorted(tmp_path.glob("*.xml"))
    assert run("xmllint", "--noout", "--relaxng", schema, *files).returncode == 0
    wrong = tmp_path / "wrong.xml"
    wrong.write_text(files[0].read_text().replace('EventOutcomeIndicator="0"', 'EventOutcomeIndicator="1"'))
    assert run("xmllint", "--noout", "--relaxng", schema, wrong, status=None).returncode == 3
