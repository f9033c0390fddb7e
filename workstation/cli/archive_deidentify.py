"""`sonofill archive deidentify`: a study or a folder of files written anew so that it tells of nobody."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import Any

from workstation.cli.place import add_archive_option, files_of
from workstation.cli.terminal import Failure, Progress, complain, print_json


def add_to(verbs: Any) -> None:
    """Add the verb to `sonofill archive`."""
    verb = verbs.add_parser(
        "deidentify",
        help="write a study anew so that it tells of nobody",
        description="Writes the objects of a study, or the DICOM files below a folder, anew: names, numbers and dates by "
        "PS3.15's Basic Profile, other UIDs, and the text on the pictures covered, which is then read again as proof. The "
        "originals stay as they are. The key leads from a patient to the pseudonym: keep it apart from what you give away.",
    )
    verb.add_argument("source", metavar="STUDY|DIR", help="a study of the archive, or a folder with DICOM files")
    verb.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new or empty folder")
    verb.add_argument(
        "--profile",
        choices=("basic", "research"),
        default="basic",
        help="basic: no dates, no device. research: dates put back by a patient's own number of days, the device named",
    )
    verb.add_argument(
        "--key", type=Path, metavar="FILE", help="the key of the pseudonyms (default: one beside your settings)"
    )
    verb.add_argument(
        "--photographs",
        action="store_true",
        help="with photographs: their words and data go, the FACES stay to be seen",
    )
    verb.add_argument(
        "--print", dest="prints", action="store_true", help="print each record anew (PDF), from what was written alone"
    )
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Status 1 where nothing could be written, or an object was left out because it could not be cleaned."""
    from dicom_io.deidentify import PROFILES, Cleaner, Pseudonyms, key_in
    from workstation.settings import settings_path
    from workstation.studies.deidentifying import deidentify_files

    out: Path = arguments.out.absolute()
    key_path: Path = (arguments.key or settings_path().with_name("pseudonyms.key")).absolute()
    if key_path.is_relative_to(out):
        raise Failure(f"The key would lie in {out}, with what is given away: name another place for it.")
    files, wrong = files_of(arguments)
    for sentence in wrong:
        complain(sentence)
    if not files:
        raise Failure(f"There is nothing in {arguments.source}: name a study or a folder with DICOM files.")
    if any(file.absolute().is_relative_to(out) for file in files):
        raise Failure(f"{out} holds the originals: name another folder for what is written.")
    key, made = key_in(key_path)
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise Failure(f"{out} is not empty: name a new folder.")
        progress = Progress("de-identifying")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom repeats odd values, which may be names
            cleaner = Cleaner(Pseudonyms(key), PROFILES[arguments.profile])
            done = deidentify_files(files, out, cleaner, progress, arguments.photographs)
        progress.end()
    except OSError as error:
        raise Failure(f"{out} cannot be written ({error.strerror}): name another folder.") from error
    if made:
        complain(f"A new key is in {key_path}: whoever has it finds out who is who. Keep a copy, and keep it apart.")
    if done.photographs:
        complain(f"{done.photographs} photographs are among them: whoever knows the face knows the person.")
    for one in done.left_out:
        complain(f"Left out {one.sop_instance_uid}: {one.why}")
    printed = _printed(out) if arguments.prints else []
    if arguments.json:
        print_json(
            {
                **done.to_json(),
                "printed": [str(path) for path in printed],
                "profile": arguments.profile,
                "key": str(key_path),
            }
        )
    else:
        covered = sum(len(one.boxes) for one in done.covered)
        print(
            f"Wrote {len(done.files)} objects to {out}; {len(done.covered)} with pictures, {covered} places covered on "
            f"them and read again{'' if done.verified_clean else ': NOT clean'}."
        )
        for path in printed:
            print(f"Printed {path}")
    return 0 if done.files and done.verified_clean else 1


def _printed(out: Path) -> list[Path]:
    """The record of each study in `out` that has one, as a PDF beside its objects. It has no clock in it."""
    from workstation.report import NotPrintable, gather, printed
    from workstation.studies.encounters import NoOneEncounter

    made: list[Path] = []
    for study in sorted(folder for folder in out.iterdir() if folder.is_dir()):
        try:
            document = printed(gather(sorted(study.rglob("*.dcm")), None, []), "record")
        except (NoOneEncounter, NotPrintable) as error:
            complain(f"Study {study.name} is not printed: {error}")
            continue
        path = study / "record.pdf"
        path.write_bytes(document.pdf)
        made.append(path)
    return made
