"""One judgement for each criterion of a rubric."""

from __future__ import annotations

from dataclasses import dataclass

from audit.checks import CHECKS
from audit.material import Material
from audit.rubric import Criterion, Rubric
from audit.verdict import Evidence, Part, State, Verdict, combined


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the program found on one criterion. `parts` are in the order of the criterion's checks."""

    criterion: Criterion
    verdict: Verdict
    parts: tuple[Part, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything that was shown, in the order of the parts, each place once."""
        return tuple(dict.fromkeys(each for part in self.parts for each in part.evidence))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not there, and what a program cannot decide."""
        return tuple(part.what for part in self.parts if part.state in (State.LACKING, State.UNDECIDED))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why something is not asked for."""
        return tuple(part.what for part in self.parts if part.state is State.NOT_APPLICABLE)


def judge(material: Material, rubric: Rubric) -> tuple[Judgement, ...]:
    """The rubric's criteria in their order. The same files give the same judgements."""
    found = []
    for criterion in rubric.criteria:
        parts = tuple(part for name in criterion.checks for part in CHECKS[name](material))
        found.append(Judgement(criterion, combined(parts), parts))
    return tuple(found)
