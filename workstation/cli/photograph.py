"""`sonofill photograph`: a photograph of the face, from a camera's file into a study."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, moment, whole_uid
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from archive import Archive
    from dicom_io.picture.camera_picture import CameraPicture
    from dicom_io.picture.photograph import Taken
    from workstation.studies.photographs import KeptPhotograph, Place

_VIEWS = ("front", "oblique-left", "oblique-right")
_AHEAD = timedelta(hours=1)  # a clock that was not set back after summer is no surprise
_PHASES = ("pre", "during", "post", "complication", "followup")


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "photograph",
        help="a photograph of the face into a study",
        description="Puts a camera's JPEG or PNG into a study as a VL Photographic Image. An upright baseline JPEG is kept "
        "bit-exact, anything else without further loss. Where it was taken and the camera's other notes stay out.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a JPEG or PNG")
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--study", metavar="STUDY", help="a study of the archive, or the beginning of its UID")
    whose.add_argument("--patient-id", metavar="P", help="a new study of this patient")
    parser.add_argument("--patient-name", default="", metavar="NAME", help="Family^Given, for a new study")
    parser.add_argument("--view", required=True, choices=_VIEWS, help="left and right are the patient's")
    parser.add_argument("--phase", required=True, choices=_PHASES)
    parser.add_argument("--region", default="", help="an id of the face's regions; without it the whole face")
    parser.add_argument("--laterality", default="", choices=("R", "L", "B"))
    parser.add_argument("--at", type=moment, metavar="TIME", help="when it was taken, where the file does not tell")
    parser.add_argument("--by", default="", metavar="NAME", help="who took it")
    parser.add_argument("--camera", default="", metavar="MODEL", help="with what, where the file does not tell")
    parser.add_argument("--burned-in", choices=("yes", "no"), help="whether words stand in the picture")
    parser.add_argument("--simulated", action="store_true", help="it shows no person")
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read the file, find its place, store it; the file itself is left as it is."""
    from archive import Archive
    from dicom_io import Phase
    from dicom_io.picture.camera_picture import camera_picture
    from workstation.studies.photographs import NoHeader, store_photograph

    picture = camera_picture(arguments.file)
    taken = _taken(arguments, picture)
    with Archive(archive_folder(arguments), create=arguments.study is None) as archive:
        try:
            place = _place(arguments, archive, taken.at)
        except NoHeader as error:
            raise Failure(str(error)) from error
        kept = store_photograph(
            *(archive, picture, taken, Phase(arguments.phase), place),
            region=arguments.region,
            laterality=arguments.laterality,
        )
    _tell(arguments, picture, taken, kept)
    return 0


def _taken(arguments: argparse.Namespace, picture: CameraPicture) -> Taken:
    from dicom_io.picture.photograph import Taken, View

    at: datetime | None = arguments.at or picture.taken_at
    if at is None:
        raise Failure(f"{arguments.file} does not say when it was taken: say it with --at.", 2)
    if at.astimezone() > datetime.now().astimezone() + _AHEAD:
        complain(
            f"{arguments.file} says that it was taken in the future, {at.isoformat()}: is the camera's clock right?"
        )
    remark = ""
    if at.tzinfo is None:
        at, remark = at.astimezone(), "The camera told no time zone: the computer's is taken."
    return Taken(
        view=View(arguments.view),
        at=at,
        maker="" if arguments.camera else picture.maker,
        model=arguments.camera or picture.model,
        burned_in={"yes": True, "no": False}.get(arguments.burned_in),
        simulated=arguments.simulated,
        remark=remark,
    )


def _place(arguments: argparse.Namespace, archive: Archive, at: datetime) -> Place:
    from workstation.studies.photographs import Place, place_in
    from workstation.studies.visit import Visit

    if arguments.study is not None:
        return place_in(archive, whole_uid(archive, arguments.study), arguments.by)
    if not arguments.patient_id.strip():
        raise Failure("The patient's id is blank: say whose photograph it is.", 2)
    facts = {"patient_name": arguments.patient_name, "operator": arguments.by, "started_at": at}
    visit = Visit.begin(arguments.patient_id, **facts)
    visit.check()
    return Place(visit.study())


def _tell(arguments: argparse.Namespace, picture: CameraPicture, taken: Taken, kept: KeptPhotograph) -> None:
    if arguments.json:
        print_json(
            {
                "study_instance_uid": kept.study_instance_uid,
                "sop_instance_uid": kept.sop_instance_uid,
                "file": str(kept.path),
                "view": str(taken.view),
                "phase": arguments.phase,
                "taken_at": taken.at.isoformat(),
                "columns": picture.columns,
                "rows": picture.rows,
                "bit_exact": picture.bit_exact,
                "done": list(picture.done),
                "already": kept.already,
            }
        )
        return
    how = "as the camera compressed it" if picture.bit_exact else "its pixels without further loss"
    print(f"Photograph {kept.sop_instance_uid} of study {kept.study_instance_uid}: {kept.path}")
    print(f"  {picture.columns}x{picture.rows}, {how}." + ("  It was there already." if kept.already else ""))
    for sentence in (*picture.done, taken.remark):
        if sentence:
            print(f"  {sentence.rstrip('.')}.")
