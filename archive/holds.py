"""Legal hold: studies that nothing may remove, by lines of the ledger that say since when, by whom and why.

    {"act": "held", "study": UID, "by": WHO, "reason": WHY}      and "released" in the same words

A hold lasts until the last line that names its study is a release. The lines are part of the chain, so that neither can be
taken back unseen; a second copy of the archive has them too. Whoever removes anything asks `check_removable` first.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from archive.errors import UnderHold
from archive.layout import is_uid
from archive.ledger import LedgerPlace, told_lines

HELD: Final = "held"
RELEASED: Final = "released"


@dataclass(frozen=True, slots=True)
class Hold:
    """One study's hold: `since` is ISO 8601 in UTC, `line` the number of the line in the ledger that says so."""

    study_instance_uid: str
    since: str
    by: str
    reason: str
    line: int

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def holds_in(ledger: Path) -> dict[str, Hold]:
    """The holds that last, by study; read from the ledger itself, which no index can hide anything of."""
    found: dict[str, Hold] = {}
    for place, values in told_lines(ledger, (HELD, RELEASED), LedgerPlace()):
        study = values.get("study")
        if not isinstance(study, str) or not is_uid(study):
            continue
        if values["act"] == HELD:
            by, reason = str(values.get("by", "")), str(values.get("reason", ""))
            found[study] = Hold(study, str(values.get("time", "")), by, reason, place.line)
        else:
            found.pop(study, None)
    return found


def check_removable(ledger: Path, study_instance_uid: str) -> None:
    """Raises UnderHold where the study, or what belongs to it, may not be removed."""
    hold = holds_in(ledger).get(study_instance_uid)
    if hold is not None:
        raise UnderHold(
            f"Study {study_instance_uid} is under hold since {hold.since[:10]} by {hold.by} ({hold.reason}): nothing of it "
            "is removed until `sonofill archive release` ends the hold."
        )
