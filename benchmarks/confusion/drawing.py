"""Which mistakes come together in which record: each alone, each way of being whole, then drawn pairs and triples."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.confusion.mistakes import mistakes
from benchmarks.confusion.told import WHOLE, Change, Told, Truth, whole
from benchmarks.confusion.variants import variants

_TRIES = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """One record to be made: its scenario and what is done to it, in this order."""

    scenario: str
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """The record in words; no two records of a campaign have the same."""
        return f"{self.scenario}: {'; '.join(change.name for change in self.changes)}"

    def told(self) -> Told:
        """The record with every change made."""
        told = whole(self.scenario)
        for change in self.changes:
            told = change.make(told)
        return told

    def truth(self) -> dict[str, Truth]:
        """What holds of each criterion."""
        truth = dict(WHOLE[self.scenario])
        for change in self.changes:
            truth |= {row: one for row, one in change.truth.items() if row in truth}
        return truth


def drawn(count: int, seed: int) -> Iterator[Drawn]:
    """Every mistake and every variant alone, once in each scenario that it may happen in; then combinations up to `count`.

    Mistakes are combined where no criterion is touched by two of them: what holds would otherwise have to be reckoned.
    """
    alone = [Drawn(scenario, (change,)) for change in (*variants(), *mistakes()) for scenario in change.within[:1]]
    yield from alone
    rng = random.Random(seed)
    seen = {one.name for one in alone}
    for _ in range(max(0, count - len(alone))):
        for _ in range(_TRIES):
            one = _combined(rng)
            if one is not None and one.name not in seen:
                seen.add(one.name)
                yield one
                break


def _combined(rng: random.Random) -> Drawn | None:
    scenario = rng.choice(("normal", "occlusion-rescue"))
    able = [change for change in mistakes() if scenario in change.within and Truth.OPEN not in change.truth.values()]
    chosen = rng.sample(able, rng.choice((2, 2, 3)))
    rows = [row for change in chosen for row in change.truth]
    return Drawn(scenario, tuple(chosen)) if len(set(rows)) == len(rows) else None
