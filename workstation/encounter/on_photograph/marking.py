"""Marks on a photograph: what a press adds to the record, and a mark in words; and the photograph itself. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive import Archive
from devices.errors import UnreadableFile
from procedure import Encounter, telling
from procedure.answers import Side
from procedure.face_places import PhotographMark, Pointed
from procedure.images import ImageKind, KeptImage
from workstation.reels import FileReel, Pixels


def photographs(record: Encounter) -> tuple[KeptImage, ...]:
    """The photographs of an encounter that no rejection note hides, the first taken first."""
    found = [i for i in record.images if i.kind is ImageKind.PHOTOGRAPH and i.rejection is None]
    return tuple(sorted(found, key=lambda image: image.at))


def photograph_words(image: KeptImage) -> str:
    """A photograph in a list."""
    return f"{telling.word(image.phase)}, {image.place or 'view not told'}, {image.at:%Y-%m-%d %H:%M}"


def marks_on(record: Encounter, photograph_uid: str) -> tuple[PhotographMark, ...]:
    """The marks of one photograph in the order of the record."""
    return tuple(mark for mark in record.photograph_marks if mark.photograph_uid == photograph_uid)


def mark_words(number: int, mark: PhotographMark) -> str:
    """A mark in a list, by its number on the photograph."""
    told = [mark.station_id or telling.word(mark.pointed), telling.word(mark.side) if mark.side else "", mark.text]
    return f"{number}  " + ", ".join(part for part in told if part)


def with_mark(
    record: Encounter,
    photograph_uid: str,
    at: tuple[float, float],
    pointed: Pointed,
    station: tuple[str, Side] | None,
    by: str,
    moment: datetime,
) -> Encounter:
    """The record with one more mark at [column, row]; a station that stands on this photograph already is moved there."""
    is_station = pointed is Pointed.STATION and station is not None
    mark = PhotographMark(
        photograph_uid=photograph_uid,
        column=round(at[0], 1),
        row=round(at[1], 1),
        pointed=pointed,
        at=moment,
        by=by,
        station_id=station[0] if is_station and station else "",
        side=station[1] if is_station and station else None,
    )
    others = tuple(
        one for one in record.photograph_marks if not (is_station and _same_station(one, mark, photograph_uid))
    )
    return replace(record, photograph_marks=(*others, mark))


def without_mark(record: Encounter, mark: PhotographMark) -> Encounter:
    """The record without this mark."""
    return replace(record, photograph_marks=tuple(one for one in record.photograph_marks if one is not mark))


def read_photograph_pixels(archive_root: Path, study_instance_uid: str, uids: Sequence[str]) -> dict[str, Pixels]:
    """Photographs of a study, by UID. Slow. Raises the errors of `archive` and `dicom_io`, UnreadableFile, OSError."""
    with Archive(archive_root, create=False) as archive:
        files = {row.sop_instance_uid: row.file for row in archive.objects(study_instance_uid)}
    found: dict[str, Pixels] = {}
    for uid in uids:
        if uid not in files:
            raise UnreadableFile("The photograph is not in this archive: import its study, then open this again.")
        reel = FileReel([files[uid]])
        try:
            found[uid] = reel.frame(0)
        finally:
            reel.close()
    return found


def _same_station(one: PhotographMark, mark: PhotographMark, photograph_uid: str) -> bool:
    where = (one.photograph_uid, one.pointed, one.station_id, one.side)
    return where == (photograph_uid, Pointed.STATION, mark.station_id, mark.side)
