"""A camera's picture into the study in hand, and the last photograph of the same view, for its pose. Slow. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from archive import Archive, NotFound
from devices.errors import UnreadableFile
from devices.source import DeviceInfo, Frame, PixelFormat
from dicom_io import DicomError
from dicom_io.picture.camera_picture import camera_picture
from dicom_io.picture.photograph import PHOTOGRAPH, Taken, View, read_photograph
from workstation.proof.opening import open_archive
from workstation.reels import FileReel, Pixels, decode
from workstation.studies.photographs import KeptPhotograph, Place, place_in, store_photograph
from workstation.studies.visit import Visit

_STUDIES: Final = 50  #: of a patient, newest first, that are searched for the last pose


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture that was taken, not kept yet."""

    frame: Frame
    at: datetime
    camera: DeviceInfo


def keep(archive_root: Path, shot: Shot, view: View, visit: Visit) -> KeptPhotograph:
    """Store it in the visit's study: a JPEG bit-exact as the camera sent it, anything else without loss.

    Raises the archive's errors, NotEncodable, and the errors of a picture that is damaged.
    """
    with open_archive(archive_root) as archive, archive.scratch() as folder:
        uid = visit.study_instance_uid
        place = place_in(archive, uid, visit.operator) if archive.holds(uid) else Place(visit.study())
        return store_photograph(
            *(archive, camera_picture(_file_of(shot.frame, folder))),
            Taken(
                view=view,
                at=shot.at,
                maker=shot.camera.manufacturer or "",
                model=shot.camera.name,
                simulated=shot.camera.kind == "simulated",
            ),
            visit.phase,
            place,
            region=visit.region,
            laterality=visit.laterality,
        )


def last_pose(archive_root: Path, patient_id: str, view: View) -> Pixels | None:
    """The newest stored photograph of this patient from this view, blue, green, red (rows, columns, 3); None without one."""
    try:
        archive = Archive(archive_root, create=False)
    except NotFound:
        return None
    found: list[tuple[str, Path]] = []
    with archive:
        for study in archive.studies(_STUDIES, patient_id):
            for row in archive.objects(study.study_instance_uid):
                if row.sop_class == PHOTOGRAPH:
                    found += _of_view(row.file, view)
    for _, path in sorted(found, reverse=True):
        try:
            reel = FileReel([path])
        except (DicomError, OSError):
            continue  # a damaged one is no pose: the one before it is
        try:
            return reel.frame(0)
        except (DicomError, UnreadableFile):
            continue
        finally:
            reel.close()
    return None


def _of_view(path: Path, view: View) -> list[tuple[str, Path]]:
    try:
        told = read_photograph(path)
    except (DicomError, OSError):
        return []
    return [(told.at.isoformat() if told.at is not None else "", path)] if told.view is view else []


def _file_of(frame: Frame, folder: Path) -> Path:
    """The picture as a file that a camera would have made."""
    if frame.pixel_format is PixelFormat.MJPEG:
        from devices.jpeg.structure import insert_huffman_tables, layout, trim

        parts = layout(frame.data)
        path = folder / "shot.jpg"
        path.write_bytes(insert_huffman_tables(trim(frame.data, parts), parts))
        return path
    from devices.cv import cv2

    path = folder / "shot.png"
    pixels = decode(frame.data, frame.pixel_format, frame.width, frame.height)
    _, png = cv2.imencode(".png", pixels)
    path.write_bytes(png.tobytes())
    return path
