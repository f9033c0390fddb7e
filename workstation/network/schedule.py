"""The day's list: asked from a worklist server, and the last answer kept for when the server is away. No Qt.

The kept answer names patients: it lies in the state folder, mode 0600, one file a server, and is replaced by the next one.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import platformdirs

from annotation.autosave import write_durably
from dicom_io.errors import NetworkError
from dicom_io.network import Node, Patience, worklist


@dataclass(frozen=True, slots=True)
class Question:
    """Which day (None: any), modality and station."""

    day: date | None
    modality: str
    station: str

    def to_json(self) -> dict[str, str]:
        return {"day": self.day.isoformat() if self.day else "", "modality": self.modality, "station": self.station}


@dataclass(frozen=True, slots=True)
class Answer:
    """The steps, and when they were told (ISO 8601; empty: never). Not `fresh`: the server is away, `why` says how."""

    steps: tuple[dict[str, str], ...]
    broken: int
    complete: bool
    asked_at: str
    fresh: bool
    why: str = ""

    def to_json(self) -> dict[str, object]:
        return {
            "steps": list(self.steps),
            "broken": self.broken,
            "complete": self.complete,
            "asked_at": self.asked_at,
            "age_s": self.age_s(),
            "fresh": self.fresh,
            "what": self.why,
        }

    def age_s(self) -> int:
        """How old the answer is, in seconds."""
        if not self.asked_at:
            return 0
        return max(0, round((datetime.now(UTC) - datetime.fromisoformat(self.asked_at)).total_seconds()))

    def age(self) -> str:
        """The same for people."""
        minutes = self.age_s() // 60
        return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def ask(node: Node, question: Question, patience: Patience | None = None) -> Answer:
    """The server's answer, or the kept one to the same question where it is away."""
    path = _kept(node)
    try:
        found = worklist(node, question.day, question.modality, question.station, patience)
    except NetworkError as error:
        return _last(path, question, str(error))
    answer = Answer(
        tuple(step.to_json() for step in found.steps),
        found.broken,
        found.complete,
        datetime.now(UTC).isoformat(timespec="seconds"),
        fresh=True,
    )
    document = {"question": question.to_json(), "answer": answer.to_json()}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(json.dumps(document, ensure_ascii=False, indent=1), path, mode=0o600)
    return answer


def _last(path: Path, question: Question, why: str) -> Answer:
    try:
        kept: dict[str, Any] = json.loads(path.read_bytes())
        said = kept["answer"]
        if kept["question"] == question.to_json():
            steps = tuple(dict(step) for step in said["steps"])
            return Answer(steps, int(said["broken"]), bool(said["complete"]), str(said["asked_at"]), False, why)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # none was kept, or it is damaged: there is nothing to show
    return Answer((), 0, True, "", False, why)


def _kept(node: Node) -> Path:
    named = os.environ.get("SONOFILL_STATE")
    folder = Path(named) if named else Path(platformdirs.user_state_dir("sonofill", appauthor=False))
    return folder / f"worklist-{hashlib.sha256(node.address.encode()).hexdigest()[:16]}.json"
