"""What a pack's page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotation import Finding
from audit import Judgement
from workstation.report import Gathered

#: The verdicts in words.
VERDICTS: Final = {
    "met": "met",
    "partial": "partial",
    "not_met": "not met",
    "not_applicable": "not applicable",
    "needs_reviewer": "needs a reviewer",
}


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
