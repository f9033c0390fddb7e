"""Changes to a document as values, and the history that does and undoes them.

A command is data: it names the change and carries what it needs, so that a menu, a shortcut or a test asks for the same.
Because documents are immutable the history keeps the documents themselves; undoing cannot go wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from annotation.document import Document, FramePlace
from annotation.finding import Finding, ImageNote


class Command(Protocol):
    """One change. `label` says it to a person ('Undo: delete finding')."""

    @property
    def label(self) -> str:
        """A few words for the menu."""

    def apply(self, document: Document) -> Document:
        """The changed document; NoSuchFinding or pydantic's ValidationError where the change does not fit."""


@dataclass(frozen=True, slots=True)
class Add:
    """A new finding."""

    finding: Finding
    label: str = "add finding"

    def apply(self, document: Document) -> Document:
        return Document(findings=(*document.findings, self.finding), notes=document.notes)


@dataclass(frozen=True, slots=True)
class Replace:
    """Another version of the finding with the same tracking UID on its frame: moved, renamed, reshaped."""

    finding: Finding
    label: str = "change finding"

    def apply(self, document: Document) -> Document:
        new = self.finding
        old = document.finding(new.tracking_uid, (new.image, new.frame))
        return Document(findings=tuple(new if f is old else f for f in document.findings), notes=document.notes)


@dataclass(frozen=True, slots=True)
class Delete:
    """A finding taken away from the frame `place`, which must be named where it stands on several."""

    tracking_uid: str
    label: str = "delete finding"
    place: FramePlace | None = None

    def apply(self, document: Document) -> Document:
        gone = document.finding(self.tracking_uid, self.place)
        return Document(findings=tuple(f for f in document.findings if f is not gone), notes=document.notes)


@dataclass(frozen=True, slots=True)
class Confirm:
    """A suggestion on the frame `place` that a person takes over: from now on it is theirs (`by`, since `at`)."""

    tracking_uid: str
    by: str
    at: datetime
    label: str = "confirm finding"
    place: FramePlace | None = None

    def apply(self, document: Document) -> Document:
        finding = document.finding(self.tracking_uid, self.place)
        return Replace(finding.changed(status="confirmed", by=self.by, at=self.at)).apply(document)


@dataclass(frozen=True, slots=True)
class SetNote:
    """Plane and landmark of one frame, in place of what was said before; an empty note takes it away."""

    note: ImageNote
    label: str = "plane and landmark"

    def apply(self, document: Document) -> Document:
        key = self.note.image, self.note.frame
        others = tuple(n for n in document.notes if (n.image, n.frame) != key)
        said = (self.note,) if self.note.plane or self.note.landmark else ()
        return Document(findings=document.findings, notes=others + said)


class History:
    """The document as it stands, with everything that led to it and everything that was undone. Not thread-safe."""

    def __init__(self, document: Document | None = None) -> None:
        self._document = document if document is not None else Document()
        self._past: list[tuple[str, Document]] = []
        self._future: list[tuple[str, Document]] = []
        self._listeners: list[Callable[[Document], None]] = []

    @property
    def document(self) -> Document:
        """The present state."""
        return self._document

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back; None where there is nothing."""
        return self._past[-1][0] if self._past else None

    @property
    def redo_label(self) -> str | None:
        """What `redo` would do again; None where there is nothing."""
        return self._future[-1][0] if self._future else None

    def subscribe(self, listener: Callable[[Document], None]) -> Callable[[], None]:
        """Call `listener` with the document after each change; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def do(self, command: Command) -> Document:
        """Apply a command; where it raises, nothing has changed. A command that changes nothing leaves no trace."""
        changed = command.apply(self._document)
        if changed != self._document:
            self._past.append((command.label, self._document))
            self._future.clear()
            self._become(changed)
        return self._document

    def undo(self) -> bool:
        """Take the last change back; False where there is none."""
        return self._step(self._past, self._future)

    def redo(self) -> bool:
        """Do again what was undone last; False where there is nothing."""
        return self._step(self._future, self._past)

    def retell(self, told_anew: Callable[[Document], Document]) -> None:
        """Something that no command says has come to be known, as a picture's scale: it holds for what was and will be, too.

        `told_anew` is applied to the document as it stands and to every one that undo or redo leads to.
        """
        self._past = [(label, told_anew(document)) for label, document in self._past]
        self._future = [(label, told_anew(document)) for label, document in self._future]
        changed = told_anew(self._document)
        if changed != self._document:
            self._become(changed)

    def _step(self, source: list[tuple[str, Document]], other: list[tuple[str, Document]]) -> bool:
        if not source:
            return False
        label, document = source.pop()
        other.append((label, self._document))
        self._become(document)
        return True

    def _become(self, document: Document) -> None:
        self._document = document
        for listener in tuple(self._listeners):
            listener(document)
