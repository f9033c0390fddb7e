"""Whose a de-identified copy is: the archive's pseudonyms made again by the key, and compared. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from archive import Archive
from dicom_io.deidentify import Pseudonyms


@dataclass(frozen=True, slots=True)
class Known:
    """What a pseudonym or another UID stands for. `sop_instance_uid` is empty where a patient or a whole study was meant."""

    given: str
    patient_id: str
    study_instance_uid: str
    sop_instance_uid: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def who_is(archive: Archive, pseudonyms: Pseudonyms, given: Iterable[str]) -> list[Known]:
    """What each of `given` stands for: a patient's pseudonym (every study of theirs), a study's or an object's new UID.

    Those for which nothing is found are not among the answers: another key, or another archive.
    """
    wanted = list(dict.fromkeys(word.strip() for word in given))
    found: list[Known] = []
    missing = set(wanted)
    studies = archive.studies(hidden=True)
    for row in studies:
        words = {pseudonyms.patient(row.patient_id), pseudonyms.uid(row.study_instance_uid)}
        for word in words & set(wanted):
            found.append(Known(word, row.patient_id, row.study_instance_uid))
            missing.discard(word)
    if missing:  # objects are asked for last: there are a thousand times as many
        for row in studies:
            for item in archive.objects(row.study_instance_uid, hidden=True):
                word = pseudonyms.uid(item.sop_instance_uid)
                if word in missing:
                    found.append(Known(word, row.patient_id, row.study_instance_uid, item.sop_instance_uid))
    return sorted(found, key=lambda one: wanted.index(one.given))
