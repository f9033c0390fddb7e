"""Who is scanned and what was captured of them: a visit, and each clip or still of it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from acquisition.cine import Clip
from dicom_io.composite.printed import Printed
from dicom_io.context import Patient, Phase, Series, Study, derived_uid, new_uid
from imaging.scale import Scale

UNNAMED = "UNKNOWN"  #: the patient id of a visit before anybody told whose it is: capturing never waits for a form


class Visit(BaseModel):
    """Who is scanned, in which part of the procedure, where and by whom: what the user tells before or after capture.

    It is kept beside the frames in the spool, so that a crash does not part a recording from its patient.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    patient_id: Annotated[str, Field(pattern=r"\S")]  # never blank: nobody could be told by it
    patient_name: str = ""
    phase: Phase = Phase.PRE
    laterality: Literal["R", "L", "B", ""] = ""
    region: str = ""
    operator: str = ""
    study_instance_uid: str
    started_at: AwareDatetime

    @classmethod
    def begin(cls, patient_id: str, **facts: object) -> Visit:
        """A visit that begins now, with a study UID of its own."""
        now = datetime.now(UTC)
        return cls.model_validate(
            {"patient_id": patient_id, "study_instance_uid": new_uid(), "started_at": now, **facts}
        )

    def check(self) -> None:
        """Raises NotEncodable where a fact cannot stand in a DICOM object: better before the recording than after it."""
        from dicom_io import check_told

        check_told(self.study(), Series(phase=self.phase, laterality=self.laterality, region=self.region))

    def study(self) -> Study:
        """The visit as a DICOM study."""
        return Study(
            patient=Patient(self.patient_id, self.patient_name),
            started_at=self.started_at,
            study_instance_uid=self.study_instance_uid,
            operator=self.operator,
        )


@dataclass(frozen=True, slots=True)
class Capture:
    """One clip or still of the study. `key` is its first SOP Instance UID: labels name their image by it.

    `scales` are the calibrated areas of its pictures; none where lengths are in pixels. `printed` are the settings that
    its screen states, `hints` what was noticed of the pictures' quality. While it is `unread` nobody has looked at its screen
    yet: all three are empty, and follow.
    """

    kind: Literal["clip", "still"]
    clip: Clip
    visit: Visit
    key: str
    scales: tuple[Scale, ...] = ()
    printed: tuple[Printed, ...] = ()
    hints: tuple[str, ...] = ()
    unread: bool = False


def object_uid(visit: Visit, clip: Clip, kind: str, part: int = 0) -> str:
    """The SOP Instance UID of part `part` (from 0) of a clip or still."""
    first, last = clip.frames[0].index, clip.frames[-1].index
    return derived_uid(visit.study_instance_uid, clip.stream.stream_id, kind, first, last, part)
