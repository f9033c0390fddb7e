"""The story's photographs: drawn by the simulated camera, taken in as any camera's file is, and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from archive import Archive
from dicom_io import OpenedImage, Phase, Study
from dicom_io.picture.camera_picture import camera_picture
from dicom_io.picture.photograph import Taken, View, read_photograph
from mock_devices.photograph import DrawnFace, photograph_of
from procedure import Encounter
from procedure.images import ImageKind
from workstation.demo.reading_back import DemoFailed
from workstation.studies.photographs import Place, store_photograph

#: How the face looks in each part of the story.
_FACES: Final = {
    Phase.PRE: DrawnFace(),
    Phase.POST: DrawnFace(fold=0.4),
    Phase.COMPLICATION: DrawnFace(fold=0.4, pale=True),
}


def photographed(archive: Archive, encounter: Encounter, study: Study) -> list[Path]:
    """Store every photograph that the record names. Raises DemoFailed where one is not what the camera gave."""
    files: list[Path] = []
    with archive.scratch() as scratch:
        for image in encounter.images:
            if image.kind is not ImageKind.PHOTOGRAPH:
                continue
            file = scratch / "photograph.jpg"
            file.write_bytes(photograph_of(_FACES[image.phase], image.at))
            picture = camera_picture(file)
            taken = Taken(View.FRONT, image.at, picture.maker, picture.model, burned_in=True, simulated=True)
            kept = store_photograph(
                *(archive, picture, taken, image.phase, Place(study)), sop_instance_uid=image.image_uid
            )
            read = read_photograph(kept.path)
            with OpenedImage(kept.path) as opened:
                same = opened.frame_bytes(0) == picture.jpeg
            if not same or (read.at, read.phase, read.view) != (image.at, image.phase, View.FRONT):
                raise DemoFailed(
                    f"The photograph in {image.image_uid} is not what was taken: please report this fault."
                )
            files.append(kept.path)
    return files
