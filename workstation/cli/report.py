"""`sonofill report`: the printed documents of an encounter, from the archive or from a folder of DICOM files alone."""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, files_of, moment, not_among_objects
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from procedure.documents import Printed
    from workstation.report import Gathered, Made, StoredDocument


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("report", help="an encounter as a printed document (PDF)")
    parser.add_argument("source", metavar="STUDY|DIR", help="a study of the archive, or a folder of DICOM files")
    parser.add_argument(
        "--for",
        dest="kind",
        required=True,
        choices=("record", "handover", "patient"),
        help="the whole record, one page for a transfer, or the patient's own copy",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="the PDF to write; a file that is there is not overwritten"
    )
    parser.add_argument("--by", default="", metavar="NAME", help="who prints it; the time is then printed too")
    parser.add_argument("--at", type=moment, metavar="TIME", help="when, instead of now (ISO 8601 with its offset)")
    parser.add_argument("--encounter", metavar="UID", help="which one, where there are several")
    parser.add_argument("--store", action="store_true", help="keep it in the study too, as an Encapsulated PDF")
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Gather, set, write. Without --by and --at the document has no clock in it: the same record gives the same bytes."""
    from workstation.report import NotPrintable, NotStorableYet, gather, printed
    from workstation.studies.encounters import NoOneEncounter

    out: Path | None = arguments.out
    if out is None and not arguments.store:
        raise Failure("Say where the document is to go: --out FILE.pdf, --store, or both.", 2)
    if arguments.store and Path(arguments.source).is_dir():
        raise Failure("Only a document of a study in the archive can be stored: name the study, not a folder.", 2)
    if out is not None:
        _not_there(not_among_objects(out))
    by_whom = _printed(arguments)
    try:
        paths, wrong = files_of(arguments)
        found = gather(paths, arguments.encounter, wrong)
        made = printed(found, arguments.kind, by_whom)
        kept = _stored(arguments, found, made, by_whom) if arguments.store else None
    except (NoOneEncounter, NotPrintable, NotStorableYet) as error:
        raise Failure(str(error)) from error
    if out is not None:
        _write(out, made.pdf)
    _tell(arguments, found, made, kept)
    return 0


def _stored(arguments: argparse.Namespace, found: Gathered, made: Made, by_whom: Printed | None) -> StoredDocument:
    from workstation.proof.opening import open_archive
    from workstation.report import store_document

    with open_archive(archive_folder(arguments), create=False) as archive:
        return store_document(archive, found, made, by_whom)


def _printed(arguments: argparse.Namespace) -> Printed | None:
    from procedure.documents import Printed

    if not arguments.by and arguments.at is None:
        return None
    return Printed(arguments.by, arguments.at or datetime.now(UTC).astimezone().replace(microsecond=0))


def _tell(arguments: argparse.Namespace, found: Gathered, made: Made, kept: StoredDocument | None) -> None:
    for sentence in found.sources.troubles:
        complain(sentence)
    if made.unshown:
        named = " ".join(f"U+{ord(sign):04X}" for sign in made.unshown)
        complain(
            f"No font here has these signs, they stand by their numbers: {named} (see docs/how-to/print-a-record.md)."
        )
    document = {
        "encounter_uid": found.encounter.encounter_uid,
        "version": found.encounter.version,
        "state": str(found.encounter.state),
        "for": made.kind,
        "out": str(arguments.out.absolute()) if arguments.out else None,
        "stored": {"sop_instance_uid": kept.sop_instance_uid, "file": str(kept.path), "already": kept.already}
        if kept
        else None,
        "pages": made.pages,
        "bytes": len(made.pdf),
        "sha256": hashlib.sha256(made.pdf).hexdigest(),
        "pictures": sum(len(kept) for kept in found.sources.pictures.values()),
        "missing_pictures": sum(i.image_uid not in found.sources.pictures for i in found.encounter.images),
        "signs_without_font": [f"U+{ord(sign):04X}" for sign in made.unshown],
        "troubles": list(found.sources.troubles),
    }
    if arguments.json:
        print_json(document)
        return
    where = ", ".join(str(place) for place in (arguments.out, kept.path if kept else None) if place)
    print(f"{made.title}, {made.pages} page{'s' if made.pages > 1 else ''}: {where}")
    if kept and kept.already:
        print("  The same document was in the study already.")
    if document["missing_pictures"]:
        print(
            f"  {document['missing_pictures']} pictures of the record are not among its files; the document says which."
        )
    print(f"  SHA-256 {document['sha256']}")


def _not_there(out: Path) -> None:
    if out.exists():
        raise Failure(f"{out} is there already, and nothing is overwritten: choose another name.")
    if not out.parent.is_dir():
        raise Failure(f"There is no folder {out.parent}: make it, or choose another.")


def _write(out: Path, pdf: bytes) -> None:
    """The whole file or none: written beside its place, then moved there."""
    handle, name = tempfile.mkstemp(prefix=".sonofill-", suffix=".pdf", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        _not_there(out)
        Path(name).replace(out)
    finally:
        Path(name).unlink(missing_ok=True)
