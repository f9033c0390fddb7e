"""The desk: the study in hand with its labels and their history, whether all of it is saved, and its autosave. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from acquisition.cine import Clip
from annotation import History
from imaging.scale import Scale
from procedure import Encounter, Phase, StepNotPossible
from procedure.answers import Side
from workstation.drafts import folder_of
from workstation.encounter.in_hand import EncounterInHand, Kept
from workstation.probe_screen.screens import Told
from workstation.reels import ClipReel
from workstation.studies.study import StudyInHand
from workstation.studies.visit import UNNAMED, Capture, Visit

_LATERALITY: Final[dict[Side, Literal["R", "L", ""]]] = {Side.RIGHT: "R", Side.LEFT: "L", Side.MIDLINE: ""}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a save or an autosave works on: study and encounter as they stood at one moment, and the number of that moment."""

    study: StudyInHand
    change: int
    encounter: Kept | None = None  #: None where nobody told anything of it


class Desk:
    """One study in hand at a time. Used from the window's thread alone; `draft` hands threads a copy of their own."""

    def __init__(self, archive_root: Path, operator: str) -> None:
        self.archive_root = archive_root
        self.operator = operator
        self.study = StudyInHand(Visit.begin(UNNAMED, operator=operator))
        self.encounter = EncounterInHand(self.study.visit)
        self.history = History()
        self.change = 0
        self.saved_change = 0
        self.stored = False
        self._releases: list[Callable[[], None]] = []

    @property
    def has_patient(self) -> bool:
        """Whether somebody told whose study this is; a blank id tells nothing."""
        return self.study.visit.patient_id.strip() not in ("", UNNAMED)

    @property
    def dirty(self) -> bool:
        """Whether something was captured, labelled or told of the encounter that is not in the archive."""
        return self.begun and self.change != self.saved_change

    @property
    def begun(self) -> bool:
        """Whether there is anything to save: an emergency is recorded also where nothing was captured."""
        return bool(self.study.captures) or self.encounter.touched

    @property
    def correcting(self) -> bool:
        """Whether the next save may correct labels that are in the archive: then it wants a reason."""
        return self.dirty and bool(self.study.reported)

    def touch(self) -> None:
        """Something changed that a save has to write."""
        self.change += 1

    def tell(self, **facts: object) -> None:
        """What the user tells of the visit; ValueError where a fact is none. It holds for what is captured from now on.

        A patient id that is blank, or was deleted again, means that nobody told it. The patient of a study that is stored
        already cannot change: that is another study.
        """
        if "patient_id" in facts:
            facts["patient_id"] = str(facts["patient_id"]).strip() or UNNAMED
        if self.stored and "patient_id" in facts and facts["patient_id"] != self.study.visit.patient_id:
            raise ValueError("This study is saved under its patient: begin a new study for another one.")
        self.study.with_visit(**facts)
        self.encounter.tell_visit(self.study.visit)

    def add(
        self,
        clip: Clip,
        *,
        still: bool,
        told: Told | None = None,
        release: Callable[[], None] = lambda: None,
    ) -> Capture:
        """Take a clip or a still into the study; `release` lets its frames go once the study is put away.

        `told` as a worker thread has read it (`told_by`); without it the screen is read here, which is slow.
        """
        self._releases.append(release)
        capture = self.study.add_still(clip, told) if still else self.study.add_clip(clip, told)
        self.touch()
        return capture

    def add_unread(self, clip: Clip, *, still: bool, release: Callable[[], None] = lambda: None) -> Capture:
        """Take a clip or a still into the study at once; what its screen tells follows by `read`.

        The same frames taken once more are the capture that they are already, read or not.
        """
        before = len(self.study.captures)
        capture = self.add(clip, still=still, told=Told(), release=release)
        if len(self.study.captures) > before:
            capture = self.study.captures[-1] = replace(capture, unread=True)
        return capture

    @property
    def unread(self) -> bool:
        """Whether the screen of any capture is still to be read: until then nothing is saved, for what is stored stays so."""
        return any(capture.unread for capture in self.study.captures)

    def read(self, key: str, told: Told) -> Capture:
        """The screen of the capture `key` was read: every label on it is measured anew.

        A scale that a person gave meanwhile stays. Raises KeyError where there is no such capture.
        """
        place = self._place(key)
        capture = self.study.captures[place]
        scales = capture.scales or told.scales
        capture = replace(capture, scales=scales, printed=told.printed, hints=told.hints, unread=False)
        self.study.captures[place] = capture
        self.touch()
        if scales:
            self.history.retell(lambda document: document.measured_anew(key, scales[0]))
        return capture

    def calibrate(self, key: str, scale: Scale | None) -> None:
        """The capture `key` has this scale from now on (None: it is not known); every label on it is measured anew.

        Raises KeyError where there is no such capture.
        """
        place = self._place(key)
        capture = replace(self.study.captures[place], scales=() if scale is None else (scale,))
        self.study.captures[place] = capture
        self.touch()
        self.history.retell(lambda document: document.measured_anew(key, scale))

    def _place(self, key: str) -> int:
        place = next((n for n, capture in enumerate(self.study.captures) if capture.key == key), None)
        if place is None:
            raise KeyError(key)
        return place

    def take_releases(self) -> list[Callable[[], None]]:
        """What lets the frames of the captures go; for a worker thread, once nothing shows or saves them any more."""
        releases, self._releases = self._releases, []
        return releases

    def new_study(self) -> None:
        """Put the study in hand away and begin another; the side, region and phase are told anew."""
        self.study = StudyInHand(Visit.begin(UNNAMED, operator=self.operator))
        self.encounter = EncounterInHand(self.study.visit)
        self.history = History()
        self.change = self.saved_change = 0
        self.stored = False

    def continue_study(self, study_instance_uid: str, record: Encounter) -> None:
        """Take the encounter of a stored study in hand again: what is captured from now on joins that study."""
        identity, site = record.patient, next(iter(record.sites), None)
        visit = Visit(
            patient_id=identity.patient_id or UNNAMED,
            patient_name=identity.name,
            phase=Phase.FOLLOWUP if record.injections else Phase.PRE,
            laterality=_LATERALITY[site.side] if site is not None else "",
            region=site.region if site is not None else "",
            operator=self.operator,
            study_instance_uid=study_instance_uid,
            started_at=record.started_at,
        )
        self.new_study()
        self.study = StudyInHand(visit)
        self.encounter = EncounterInHand(visit)
        self.encounter.restore(Kept(record, ()), stored=True)
        self.stored = True

    def draft(self) -> Draft:
        """A copy for a thread: later captures and labels do not reach it."""
        study = replace(self.study, captures=list(self.study.captures), document=self.history.document)
        return Draft(study, self.change, self.encounter.keep() if self.encounter.touched else None)

    def to_save(self) -> Draft:
        """A copy for a save: of an encounter that is stored already, the next version.

        Raises StepNotPossible, also while a capture is unread.
        """
        if self.unread:
            raise StepNotPossible("The screen of a picture is still being read: save when it is.")
        draft = self.draft()
        return draft if draft.encounter is None else replace(draft, encounter=self.encounter.to_store())

    def saved(self, draft: Draft) -> None:
        """That draft is in the archive now."""
        if draft.study.visit.study_instance_uid == self.study.visit.study_instance_uid:
            self.stored = True
            self.saved_change = max(self.saved_change, draft.change)
            self.study.reported |= draft.study.reported
            if self.study.reason == draft.study.reason:
                self.study.reason = ""  # it was for this version
            if draft.encounter is not None:
                self.encounter.saved(draft.encounter)

    @property
    def autosave_path(self) -> Path:
        """Where the study in hand is kept after each action until it is saved."""
        return folder_of(self.archive_root) / f"{self.study.visit.study_instance_uid}.json"


def scale_of_capture(capture: Capture) -> Scale | None:
    """The scale of a capture's pictures, where its screen or its device's profile tells one."""
    return next(iter(capture.scales), None)


def reel_of(capture: Capture) -> ClipReel:
    """A capture as numbered pictures."""
    return ClipReel(capture.clip, capture.key, scale_of_capture(capture))


def title_of(number: int, capture: Capture, told: Callable[[str], str] = str) -> str:
    """A capture in a list, `number` counting from 1; `told` says a word in the window's language."""
    clip = capture.clip
    phase = told(capture.visit.phase.value)
    at = clip.started_at.astimezone().strftime("%H:%M:%S")
    if capture.kind == "still":
        return f"{number}  {told('Still')}   {at}   {phase}"
    return f"{number}  {told('Clip')} {clip.duration_s:.1f} s   {at}   {phase}"
