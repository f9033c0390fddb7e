"""What a check found, and how the parts of a criterion make one verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Verdict(StrEnum):
    """The program's own check of one criterion; the reviewer's judgement stands beside it."""

    MET = "met"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    NEEDS_REVIEWER = "needs_reviewer"


class State(StrEnum):
    """What became of one part of a criterion."""

    MET = "met"
    LACKING = "lacking"
    NOT_APPLICABLE = "not-applicable"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something stands: the DICOM file, the frame (from 0) where it is a picture, and what is there."""

    file: Path
    frame: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a criterion asks for. `what` is a sentence: what is there, what is missing, or why it is not asked."""

    state: State
    what: str
    evidence: tuple[Evidence, ...] = ()


def met(what: str, *evidence: Evidence) -> Part:
    """It is there, and here."""
    return Part(State.MET, what, evidence)


def lacking(what: str) -> Part:
    """It is not there."""
    return Part(State.LACKING, what)


def not_asked(why: str) -> Part:
    """Nothing in this record asks for it."""
    return Part(State.NOT_APPLICABLE, why)


def undecided(why: str) -> Part:
    """A program cannot tell."""
    return Part(State.UNDECIDED, why)


def combined(parts: Sequence[Part]) -> Verdict:
    """One verdict of the parts that are asked for.

    All met: met. Some: partial. None: not met. Nothing asked: not applicable. Where a part cannot be decided, a lack still
    counts as one, and without a lack a reviewer is needed: what is not known is never taken for met.
    """
    states = [part.state for part in parts if part.state is not State.NOT_APPLICABLE]
    if not states:
        return Verdict.NOT_APPLICABLE
    if State.LACKING in states:
        return Verdict.PARTIAL if State.MET in states else Verdict.NOT_MET
    return Verdict.NEEDS_REVIEWER if State.UNDECIDED in states else Verdict.MET
