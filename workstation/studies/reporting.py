"""Which reports a save has to write: one for each author and phase, new versions of those whose labels have changed.

What the archive holds decides, not what the program remembers: a save that was broken off and is begun again finds the
reports that it wrote, sees that they say the same, and writes no second version of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from annotation import Document, Finding, ImageNote
from dicom_io.context import Phase
from dicom_io.report.changes import ReportedChange
from dicom_io.report.read import StoredReport

Entry = Finding | ImageNote


@dataclass(frozen=True, slots=True)
class Due:
    """A report that has to be written; `before` is the one that it corrects, None for a first one.

    `phase` is that of its pictures, `changes` how vessels have changed by then.
    """

    author: str
    document: Document
    before: StoredReport | None
    phase: Phase
    changes: tuple[ReportedChange, ...] = ()


def due_reports(
    said: Document,
    newest: Sequence[StoredReport],
    known: frozenset[str],
    operator: str,
    phase_of: Callable[[str | None], Phase],
    changes_of: Callable[[str, Phase], tuple[ReportedChange, ...] | None] = lambda _author, _phase: None,
) -> tuple[list[Due], list[StoredReport]]:
    """What has to be written so that `said` stands in the archive, and which of the stored reports say it already.

    `said` is confirmed and names pictures as they are stored; `newest` are the study's reports that hold. A report is
    corrected only where it is in `known` (this study in hand wrote it) or speaks of labels that are in hand: another
    person's report on the same pictures is left alone. Labels on pictures that no report of their author covers make
    reports of their own, one for each phase (`phase_of` a stored picture). `changes_of` an author and a phase are the changes
    of vessels that such a report tells; None where they are not known, and then what a report tells of them stays.
    """
    by_author = _by_author(said, newest, operator)
    due: list[Due] = []
    standing: list[StoredReport] = []
    for report in newest:
        if report.sop_instance_uid not in known and not _speaks_of(report, said):
            continue
        mine = by_author.get(report.author, Document())
        here = _on(mine, report.pictures)
        by_author[report.author] = _without(mine, here)
        phase = phase_of(next(iter(report.pictures), None))
        known_changes = changes_of(report.author, phase)
        changes = report.changes if known_changes is None else known_changes
        if _content(here) == _content(report.document) and changes == report.changes:
            standing.append(report)
        else:
            due.append(Due(report.author, here, report, phase, changes))
    due += [
        Due(author, part, None, phase, changes_of(author, phase) or ())
        for author, rest in by_author.items()
        for phase, part in _by_phase(rest, phase_of)
    ]
    return due, standing


def _by_phase(document: Document, phase_of: Callable[[str | None], Phase]) -> Iterator[tuple[Phase, Document]]:
    """The document parted by the phase of its pictures, in the order of the phases; no part is empty."""
    for phase in Phase:
        findings = tuple(f for f in document.findings if phase_of(f.image) is phase)
        notes = tuple(n for n in document.notes if phase_of(n.image) is phase)
        if findings or notes:
            yield phase, Document(findings=findings, notes=notes)


def _by_author(said: Document, newest: Sequence[StoredReport], operator: str) -> dict[str, Document]:
    """The document parted by author, in the order in which they first appear."""
    parts: dict[str, tuple[list[Finding], list[ImageNote]]] = {}
    for finding in said.findings:
        parts.setdefault(finding.by, ([], []))[0].append(finding)
    for note in said.notes:
        parts.setdefault(_owner(note, said, newest, operator), ([], []))[1].append(note)
    return {author: Document(findings=tuple(f), notes=tuple(n)) for author, (f, n) in parts.items()}


def _owner(note: ImageNote, said: Document, newest: Sequence[StoredReport], operator: str) -> str:
    """Whose report a note on a picture belongs to: the one that has it already, else that of the picture's labels."""
    for report in newest:
        if any((n.image, n.frame) == (note.image, note.frame) for n in report.document.notes):
            return report.author
    authors = [f.by for f in said.findings if f.image == note.image] or [f.by for f in said.findings]
    return operator if operator in authors or not authors else authors[0]


def _speaks_of(report: StoredReport, said: Document) -> bool:
    """Whether a report and the labels in hand have a label in common."""
    return bool(_places(report.document) & _places(said))


def _places(document: Document) -> set[tuple[str | None, str | None, int]]:
    """What stands where: one vessel has one tracking UID on every frame, so the frame belongs to it."""
    labels = {(f.tracking_uid, f.image, f.frame) for f in document.findings}
    return labels | {(None, n.image, n.frame) for n in document.notes}


def _on(document: Document, pictures: frozenset[str]) -> Document:
    return Document(
        findings=tuple(f for f in document.findings if f.image in pictures),
        notes=tuple(n for n in document.notes if n.image in pictures),
    )


def _without(document: Document, part: Document) -> Document:
    taken = {id(entry) for entry in _entries(part)}
    return Document(
        findings=tuple(f for f in document.findings if id(f) not in taken),
        notes=tuple(n for n in document.notes if id(n) not in taken),
    )


def _entries(document: Document) -> Iterator[Entry]:
    yield from document.findings
    yield from document.notes


def _content(document: Document) -> set[Entry]:
    """What a document says, whatever the order."""
    return set(_entries(document))
