"""Documents, commands and the history: undo after do is as if nothing had been, whatever the commands."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pydantic import ValidationError

from annotation import (
    Add,
    Command,
    Confirm,
    Delete,
    Document,
    DocumentUnreadable,
    Ellipse,
    Finding,
    History,
    ImageNote,
    NoSuchFinding,
    Polyline,
    Replace,
    SetNote,
    new_tracking_uid,
)
from annotation.measure import measurements
from tests.annotation.strategies import SCALE, findings, notes

AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


def unique(found: list[Finding], said: list[ImageNote]) -> Document:
    return Document(
        findings=tuple({(f.tracking_uid, f.image, f.frame): f for f in found}.values()),
        notes=tuple({(n.image, n.frame): n for n in said}.values()),
    )


looks = findings().map(lambda f: f.changed(tracking_uid="2.25.7"))  # of one thing on several frames
documents = st.builds(unique, st.lists(findings() | looks, max_size=4), st.lists(notes, max_size=3))


@settings(max_examples=40)
@given(documents)
def test_json_gives_the_same_document(document: Document) -> None:
    assert Document.from_json(document.to_json()) == document


@settings(max_examples=40)
@given(documents, findings())
def test_undo_after_do_is_as_if_nothing_had_been(document: Document, finding: Finding) -> None:
    finding = finding.changed(tracking_uid=new_tracking_uid())
    some: list[Command] = [Add(finding), SetNote(ImageNote(plane="sagittal"))]
    for known in document.findings:
        place = known.image, known.frame
        some += [
            Delete(known.tracking_uid, place=place),
            Confirm(known.tracking_uid, "CD", AT, place=place),
            Replace(known.changed(by="EF")),
        ]
    for command in some:
        history = History(document)
        history.do(command)
        after = history.document
        if history.undo():
            assert history.document == document
            assert history.redo() and history.document == after
        else:
            assert after == document


class AnyUse(RuleBasedStateMachine):
    """Any order of commands, undos and redos, beside a plain list of states."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History()
        self.states = [Document()]
        self.now = 0

    def _do(self, command: Command) -> None:
        before = self.history.document
        after = self.history.do(command)
        if after != before:
            self.states[self.now + 1 :] = [after]
            self.now += 1

    @rule(finding=findings())
    def add(self, finding: Finding) -> None:
        self._do(Add(finding.changed(tracking_uid=new_tracking_uid())))

    @rule(note=notes)
    def say(self, note: ImageNote) -> None:
        self._do(SetNote(note))

    @precondition(lambda self: self.history.document.findings)
    @rule(pick=st.integers(0, 99))
    def delete(self, pick: int) -> None:
        there = self.history.document.findings
        self._do(Delete(there[pick % len(there)].tracking_uid))

    @precondition(lambda self: self.history.document.findings)
    @rule(pick=st.integers(0, 99), by=st.sampled_from(["AB", "CD"]))
    def confirm(self, pick: int, by: str) -> None:
        there = self.history.document.findings
        self._do(Confirm(there[pick % len(there)].tracking_uid, by, AT))

    @precondition(lambda self: self.history.document.findings)
    @rule(pick=st.integers(0, 99), other=findings())
    def replace(self, pick: int, other: Finding) -> None:
        there = self.history.document.findings
        self._do(Replace(other.changed(tracking_uid=there[pick % len(there)].tracking_uid)))

    @rule()
    def undo(self) -> None:
        assert self.history.undo() == (self.now > 0)
        self.now = max(self.now - 1, 0)

    @rule()
    def redo(self) -> None:
        could = self.now + 1 < len(self.states)
        assert self.history.redo() == could
        self.now += could

    @invariant()
    def agrees(self) -> None:
        assert self.history.document == self.states[self.now]
        assert (self.history.undo_label is None) == (self.now == 0)
        assert (self.history.redo_label is None) == (self.now + 1 == len(self.states))


TestAnyUse = AnyUse.TestCase
TestAnyUse.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)


def vessel(**fields: object) -> Finding:
    shape = Ellipse.around((640, 300), (25, 20))
    base: dict[str, object] = {
        "kind": "vessel",
        "vessel_kind": "artery",
        "term": "fa",
        "name": "facial artery",
        "shape": shape,
        "by": "AB",
        "at": AT,
        "measurements": measurements(shape, SCALE),
    }
    return Finding.model_validate(base | fields)


def test_a_suggestion_that_is_confirmed_is_the_person_s() -> None:
    suggested = vessel(status="suggested", by="software")
    history = History(Document(findings=(suggested,)))
    history.do(Confirm(suggested.tracking_uid, "AB", AT))
    assert (history.document.findings[0].status, history.document.findings[0].by) == ("confirmed", "AB")


def test_a_command_that_fails_changes_nothing() -> None:
    one = vessel()
    history = History(Document(findings=(one,)))
    for bad, error in ((Delete("1.2"), NoSuchFinding), (Replace(vessel()), NoSuchFinding), (Add(one), ValidationError)):
        with pytest.raises(error):
            history.do(bad)
    assert history.document == Document(findings=(one,)) and history.undo_label is None


@pytest.mark.requirement("N5")
def test_one_thing_on_several_frames_has_one_tracking_uid_and_each_look_is_changed_by_itself() -> None:
    looks = [
        vessel(tracking_uid="2.25.7", image=image, frame=frame) for image, frame in (("1.2", 0), ("1.2", 8), ("1.3", 0))
    ]
    document = Document(findings=tuple(looks))
    assert document.finding("2.25.7", ("1.2", 8)) is looks[1]
    with pytest.raises(NoSuchFinding, match="stands on 3 frames: name one"):
        document.finding("2.25.7")
    with pytest.raises(ValidationError, match="two findings on one frame"):
        Document(findings=(looks[0], vessel(tracking_uid="2.25.7", image="1.2", frame=0, by="CD")))
    history = History(document)
    history.do(Replace(looks[1].changed(by="CD")))
    history.do(Delete("2.25.7", place=("1.3", 0)))
    assert [(f.frame, f.by) for f in history.document.findings] == [(0, "AB"), (8, "CD")]
    with pytest.raises(NoSuchFinding):
        history.do(Delete("2.25.7"))


def test_listeners_hear_each_change_once() -> None:
    history, heard = History(), list[int]()
    stop = history.subscribe(lambda document: heard.append(len(document.findings)))
    history.do(Add(vessel()))
    history.undo()
    history.undo()
    stop()
    history.redo()
    assert heard == [1, 0]


def test_an_empty_note_takes_the_note_away() -> None:
    history = History()
    history.do(SetNote(ImageNote(plane="sagittal")))
    history.do(SetNote(ImageNote(landmark="ala")))
    assert history.document.note(None, 0) == ImageNote(landmark="ala")
    history.do(SetNote(ImageNote()))
    assert history.document.notes == ()


def test_findings_are_looked_up_by_frame() -> None:
    one, two = vessel(frame=1, image="1.2"), vessel(frame=2, image="1.2")
    document = Document(findings=(one, two), notes=(ImageNote(image="1.2", frame=2, plane="oblique"),))
    assert document.on("1.2", 2) == (two,) and document.on(None, 2) == ()
    assert document.note("1.2", 2).plane == "oblique" and document.note("1.2", 1).plane is None


def test_relocated_gives_each_finding_its_saved_place() -> None:
    document = Document(
        findings=(vessel(image="1.2", frame=700),), notes=(ImageNote(image="1.2", frame=3, plane="oblique"),)
    )
    saved = document.relocated(lambda image, frame: ("1.3", frame - 600) if frame >= 600 else ("1.4", frame))
    assert (saved.findings[0].image, saved.findings[0].frame) == ("1.3", 100)
    assert (saved.notes[0].image, saved.notes[0].frame) == ("1.4", 3)
    assert saved.findings[0].tracking_uid == document.findings[0].tracking_uid


def test_equal_documents_have_equal_digests() -> None:
    one = Document(findings=(vessel(),))
    assert one.digest() == Document.from_json(one.to_json()).digest() != Document().digest()


def test_labels_as_the_command_line_lists_them() -> None:
    layer = Finding(
        kind="layer",
        term="smas",
        name="SMAS",
        shape=Polyline(vertices=((0, 9), (5, 8))),
        by="AB",
        frame=4,
        status="suggested",
    )
    labels = Document(findings=(vessel(), layer)).labels_json(lambda f: "T1" if f.term == "fa" else None)
    assert labels[0]["code"] == "T1" and labels[0]["value_mm"] == pytest.approx(3.2)
    assert labels[1] == {
        "kind": "layer",
        "name": "SMAS",
        "code": None,
        "frame": 4,
        "points": [[0.0, 9.0], [5.0, 8.0]],
        "value_mm": None,
        "by": "AB",
        "status": "suggested",
    }
    json.dumps(labels)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d | {"colour": "red"},
        lambda d: d | {"version": 2},
        lambda d: d | {"findings": "none"},
        lambda d: d | {"findings": [d["findings"][0] | {"frame": "3"}]},
        lambda d: d | {"findings": [d["findings"][0] | {"note": 1}]},
        lambda d: d | {"findings": d["findings"] * 2},
    ],
)
def test_a_spoilt_text_is_refused_with_its_place(spoil: object) -> None:
    text = json.dumps(spoil(json.loads(Document(findings=(vessel(),)).to_json())))  # type: ignore[operator]
    with pytest.raises(DocumentUnreadable, match="cannot be read"):
        Document.from_json(text)


@given(st.binary(max_size=40))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(DocumentUnreadable):
        Document.from_json(noise)
