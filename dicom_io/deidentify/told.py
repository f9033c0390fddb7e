"""What was taken out of objects: which attributes and how often, never what they said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Told:
    """Counts by (attribute, how): 'removed', 'emptied', 'replaced', 'moved' (in time)."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def removed(self, what: str) -> None:
        """It is gone."""
        self.counts[what, "removed"] += 1

    def emptied(self, what: str) -> None:
        """It has no value any more."""
        self.counts[what, "emptied"] += 1

    def replaced(self, what: str) -> None:
        """Another value stands there: a pseudonym, another UID, a dummy."""
        self.counts[what, "replaced"] += 1

    def moved(self, what: str) -> None:
        """A date or time is another one."""
        self.counts[what, "moved"] += 1

    def add(self, other: Told) -> None:
        """The counts of another object, or of a part, too."""
        self.counts.update(other.counts)

    def to_json(self) -> list[dict[str, object]]:
        """`[{attribute, how, count}]`, by attribute."""
        return [{"attribute": what, "how": how, "count": count} for (what, how), count in sorted(self.counts.items())]
