"""A rubric: criteria in their order, each with the checks that a program makes and the question that a person answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row. `checks` are names of `audit.checks`; `objectives` the learning objectives that it belongs to."""

    id: str
    requirement: str
    question: str
    checks: tuple[str, ...]
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rubric:
    """A versioned list of criteria. `source` says where it comes from."""

    name: str
    version: str
    source: str
    criteria: tuple[Criterion, ...]
