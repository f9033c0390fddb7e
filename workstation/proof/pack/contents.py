"""What a pack's page shows, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import procedure
from annotation import Finding
from audit import Judgement
from procedure import telling
from workstation.report import Gathered

#: The verdicts in words.
VERDICTS: Final = {
    "met": "met",
    "partial": "partial",
    "not_met": "not met",
    "not_applicable": "not applicable",
    "needs_reviewer": "needs a reviewer",
}


def counts_of(judgements: Sequence[Judgement]) -> str:
    """How many criteria have which verdict, in words: '20 met, 3 not applicable'."""
    counts = Counter(judgement.verdict.value for judgement in judgements)
    return ", ".join(f"{counts[verdict]} {words}" for verdict, words in VERDICTS.items() if counts[verdict])


def places_of(record: procedure.Encounter) -> str:
    """Where was to be treated, in words."""
    return "; ".join(telling.site(site.region, site.side) for site in record.sites) or "no site"


@dataclass(frozen=True, slots=True)
class Moving:
    """A still or a clip: its frames' files and their times (seconds from the first frame), the labels of all frames."""

    uid: str
    title: str
    width_px: int
    height_px: int
    frames: tuple[str, ...]
    times_s: tuple[float, ...]
    timing: str
    labels: tuple[Finding, ...]
    scaled: bool


@dataclass(frozen=True, slots=True)
class Encounter:
    """What one study tells: `found` is None where it holds no record of an encounter; `pdf` is its printed record's file."""

    study: str
    found: Gathered | None
    judgements: tuple[Judgement, ...]
    unread: tuple[str, ...]
    pictures: tuple[Moving, ...]
    pdf: str = ""


@dataclass(frozen=True, slots=True)
class Integrity:
    """The signed checkpoint, the public key, and what was found when the pack was made. `equipment` are the last phantom
    checks of the probes, in words; empty where the archive has no equipment log.
    """

    checkpoint: str
    public_key: str
    problems: tuple[str, ...]
    equipment: tuple[str, ...] = ()
