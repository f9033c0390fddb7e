"""The common mistakes of the course, each with the criteria that it leaves lacking.

The truths follow the wording of the rubric (clinical reference, section 5): its columns 'evidence in the record' and 'auto
check'. Where a mistake leaves nothing of what a criterion asks for, it is not met, otherwise partly met.
"""

from __future__ import annotations

from benchmarks.confusion.mistakes._shared import LATE
from benchmarks.confusion.mistakes.mapping import mapping
from benchmarks.confusion.mistakes.recording import recording
from benchmarks.confusion.mistakes.treating import treating
from benchmarks.confusion.told import Change

__all__ = ["LATE", "mistakes"]


def mistakes() -> tuple[Change, ...]:
    """Every mistake: of looking, of treating, of recording."""
    return (*mapping(), *treating(), *recording())
