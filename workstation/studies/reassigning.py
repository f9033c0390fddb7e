"""Objects that were saved under the wrong patient, or before anybody knew whose they are: made again under the right one.

All is prepared before anything is written; then the new objects are stored, and last the note that hides the old ones. Every
UID follows from the old one and from whom the object goes to, so a run that was broken off is begun again and writes what is
missing; one that was finished writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from archive import Archive, ObjectRow
from dicom_io.composite.identity import from_an_order, study_of
from dicom_io.context import derived_uid
from dicom_io.encoded import EncodedObject
from dicom_io.errors import CannotOpen, NotDicom, NotReidentifiable
from dicom_io.labels.labelled import LabelSeries, label_series_uid
from dicom_io.reidentify.images import Rightful, reidentified
from dicom_io.reidentify.rejection import PATIENT_SAFETY, WRONG_WORKLIST_ENTRY, encode_rejection
from dicom_io.reidentify.report import moved_part, reidentified_encounter, remaining_part
from workstation.studies.reading import REPORT_CLASSES
from workstation.studies.reassigned_links import Seen, seen
from workstation.studies.record_versions import latest
from workstation.version import VERSION

ProgressCallback = Callable[[float, float], None]


class CannotReassign(Exception):
    """These objects cannot be given to that patient; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class NotRemade:
    """An object that is not among the new ones, and why."""

    sop_instance_uid: str
    why: str


@dataclass(frozen=True, slots=True)
class Reassigned:
    """What became of the objects: `objects` old to new, `not_remade` hidden with no new one or left where they are.

    `already` counts what was in the archive before this run.
    """

    study_instance_uid: str
    from_study_instance_uid: str
    patient_id: str
    rejection_note: str
    title: str
    objects: tuple[tuple[str, str], ...]
    not_remade: tuple[NotRemade, ...]
    already: int

    def to_json(self) -> dict[str, Any]:
        """The document of `sonofill archive reassign --json`."""
        return {**asdict(self), "objects": [{"old": old, "new": new} for old, new in self.objects]}


def reassign(
    archive: Archive,
    study: str,
    chosen: frozenset[str],
    rightful: Rightful,
    progress: ProgressCallback | None = None,
) -> Reassigned:
    """Gives a study's objects (all, or the `chosen` ones and what is about them alone) to `rightful.patient`.

    Raises CannotReassign, and the errors of `dicom_io` and `archive`; before anything is written, but for a full disk.
    """
    rows = archive.objects(study, hidden=True)
    group = _finished(rows, study, chosen, rightful) or [row for row in rows if not row.hidden_by]
    if not group:
        raise CannotReassign(
            "Every object of this study is hidden already: reassign the study that they were made again in."
        )
    known = frozenset(row.sop_instance_uid for row in group)
    looked = [seen(row, study, known) for row in group]
    plan = _Plan(looked, chosen, study, rightful)
    made = plan.prepare()
    total, done, already = sum(item.size for item in made) or 1, 0, 0
    for item in made:
        if archive.has(item.sop_instance_uid):
            already += 1
        else:
            archive.put(item)
        done += item.size
        if progress:
            progress(done, total)
    return plan.told(already)


def _finished(rows: Sequence[ObjectRow], study: str, chosen: frozenset[str], rightful: Rightful) -> list[ObjectRow]:
    """The objects that the same command has hidden before; none where it was not finished."""
    for note in rows:
        if note.hidden_by == note.sop_instance_uid:
            group = [row for row in rows if row.hidden_by == note.sop_instance_uid and row is not note]
            uids = {row.sop_instance_uid for row in group}
            if note.sop_instance_uid == _note_uid(study, rightful, uids) and (
                chosen <= uids if chosen else all(row.hidden_by for row in rows)
            ):
                return group
    return []


def _whom(rightful: Rightful) -> tuple[object, ...]:
    patient = rightful.patient
    return patient.patient_id, patient.name, patient.birth_date or "", patient.sex


def _note_uid(study: str, rightful: Rightful, uids: Iterable[str]) -> str:
    return derived_uid(study, "rejected for", *_whom(rightful), *sorted(uids))


class _Plan:
    """What is made again, what is parted, what stays; and the objects that have to be stored, in order."""

    def __init__(self, looked: Sequence[Seen], chosen: frozenset[str], study: str, rightful: Rightful) -> None:
        self._study, self._rightful = study, rightful
        self._all = {one.uid: one for one in looked}
        unknown = chosen - self._all.keys()
        if unknown:
            raise CannotReassign(f"Object {min(unknown)} is hidden already, or not of this study.")
        self._moved = self._with_dependents(chosen) if chosen else set(self._all)
        self._not_remade: list[NotRemade] = []
        self._parted = [] if not chosen else self._between()
        self._uids = self._new_uids()
        self._objects: list[tuple[str, str]] = []

    def _with_dependents(self, chosen: frozenset[str]) -> set[str]:
        """The chosen objects, and every object that is about them alone."""
        moved = set(chosen)
        while more := {u for u, one in self._all.items() if u not in moved and one.about and one.about <= moved}:
            moved |= more
        return moved

    def _between(self) -> list[Seen]:
        """The reports that speak of moved and of other pictures. Raises CannotReassign for what cannot be parted."""
        found = []
        for uid, one in self._all.items():
            if uid in self._moved or not one.about & self._moved:
                continue
            if one.sop_class in REPORT_CLASSES:
                found.append(one)
            elif one.stays_beside:
                self._not_remade.append(NotRemade(uid, one.stays_beside))
            else:
                raise CannotReassign(
                    f"Object {uid} is about pictures that move and others that stay: name it too, or reassign the study."
                )
        return found

    def _new_uids(self) -> dict[str, str]:
        def new(uid: str) -> str:
            return derived_uid(uid, "reassigned to", *_whom(self._rightful))

        found = {self._study: new(self._study)}
        for uid in (*self._moved, *(one.uid for one in self._parted)):
            one = self._all[uid]
            found |= {each: new(each) for each in (uid, one.series, one.frame_of_reference) if each}
        for uid in list(found):  # what shows a report's labels is known by the report's own UID
            found |= {
                old: label_series_uid(found[uid], kind)
                for kind in LabelSeries
                if (old := label_series_uid(uid, kind)) in found
            }
        return found

    def prepare(self) -> list[EncodedObject]:
        """The new objects, the new versions of parted reports, and the note, ready to be stored."""
        made: list[EncodedObject] = []
        newest = self._newest_encounters()
        for uid in (uid for uid in self._all if uid in self._moved):
            one = self._all[uid]
            if one.encounter and uid not in newest:
                self._not_remade.append(NotRemade(uid, "An earlier version of the encounter: hidden with the study."))
                continue
            try:
                made.append(self._remade(one))
            except (CannotOpen, NotDicom, NotReidentifiable) as error:
                self._not_remade.append(NotRemade(uid, f"Hidden, not made again: {error}"))
                continue
            self._objects.append((uid, made[-1].sop_instance_uid))
        for one in self._parted:
            made.append(moved_part(one.row.file, self._rightful, self._uids, frozenset(self._moved)))
            self._objects.append((one.uid, made[-1].sop_instance_uid))
            if not any(one.uid in other.predecessors for other in self._all.values()):
                made.append(remaining_part(one.row.file, self._rightful, frozenset(self._moved), one))
        if not made:
            raise CannotReassign("None of these objects can be made again: look at what `archive verify` says of them.")
        return [*made, self._note()]

    def _newest_encounters(self) -> set[str]:
        versions: dict[str, list[Seen]] = {}
        for uid in self._moved:
            one = self._all[uid]
            if one.encounter:
                versions.setdefault(one.encounter, []).append(one)
        return {latest(documents)[0].uid for documents in versions.values()}

    def _remade(self, one: Seen) -> EncodedObject:
        if one.encounter:
            images = [self._as_new(each) for each in self._all.values() if each.uid in self._moved]
            return reidentified_encounter(one.row.file, self._rightful, self._uids, images, one)
        return reidentified(one.row.file, self._rightful, self._uids, one)

    def _as_new(self, one: Seen) -> EncodedObject:
        return EncodedObject(
            sop_instance_uid=self._uids[one.uid],
            sop_class_uid=one.sop_class,
            transfer_syntax_uid=one.row.transfer_syntax,
            study_instance_uid=self._uids[self._study],
            series_instance_uid=self._uids[one.series],
            number_of_frames=one.row.frames,
            parts=(),
        )

    def _hidden(self) -> list[Seen]:
        return [one for uid, one in self._all.items() if uid in self._moved or one in self._parted]

    def _note(self) -> EncodedObject:
        hidden = self._hidden()
        like = next(one.header for one in hidden if one.header is not None)
        return encode_rejection(
            hidden,
            like,
            replace(study_of(like), study_instance_uid=self._study),
            self._title(),
            reason=self._rightful.reason,
            by=self._rightful.by,
            sop_instance_uid=_note_uid(self._study, self._rightful, (one.uid for one in hidden)),
            software_version=VERSION,
        )

    def _title(self) -> Any:
        """IHE's title for an object whose patient came from the wrong worklist entry, else the one for patient safety."""
        ordered = any(one.header is not None and from_an_order(one.header) for one in self._hidden())
        return WRONG_WORKLIST_ENTRY if ordered else PATIENT_SAFETY

    def told(self, already: int) -> Reassigned:
        """What was done, once it is."""
        return Reassigned(
            study_instance_uid=self._uids[self._study],
            from_study_instance_uid=self._study,
            patient_id=self._rightful.patient.patient_id,
            rejection_note=_note_uid(self._study, self._rightful, (one.uid for one in self._hidden())),
            title=str(self._title()),
            objects=tuple(self._objects),
            not_remade=tuple(self._not_remade),
            already=already,
        )
