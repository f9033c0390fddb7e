"""`sonofill signature setup|check|certificate`: digital signatures inside the DICOM objects."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.measuring import CANNOT_TELL
from workstation.cli.place import add_archive_option, files_of
from workstation.cli.terminal import Failure, complain, print_json


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    parser = commands.add_parser("signature", help="sign what this workplace stores, and check such signatures")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    verb = verbs.add_parser("setup", help="sign every object from now on")
    verb.add_argument("--name", default="", help="whose signature it is: the clinic, the workplace")
    verb.add_argument("--key", type=Path, metavar="PEM", help="the clinic's own RSA key (default: a new one)")
    verb.add_argument("--certificate", type=Path, metavar="PEM", help="its certificate")
    verb.set_defaults(run=_setup)

    verb = verbs.add_parser("check", help="check the signatures in DICOM files")
    verb.add_argument("source", metavar="STUDY|DIR|FILE", help="a study of the archive, a folder, or one file")
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=_check)

    verb = verbs.add_parser("certificate", help="this workplace's certificate, for `dcmsign +cf`")
    verb.set_defaults(run=_certificate)


def _setup(arguments: argparse.Namespace) -> int:
    from workstation.proof.certificate import certificate_path, set_up_signatures

    if (arguments.key is None) != (arguments.certificate is None):
        raise Failure("A key comes with its certificate: give both --key and --certificate, or neither.", status=2)
    if arguments.key is None and not arguments.name.strip():
        raise Failure("Say whose signature it is: --name.", status=2)
    made = set_up_signatures(arguments.name.strip(), arguments.key, arguments.certificate)
    print(
        f"Every object is signed from now on as {made.subject.rfc4514_string()}, until {made.not_valid_after_utc:%Y-%m-%d}."
    )
    print(f"Its certificate is {certificate_path()}: give it to those who check.")
    return 0


def _certificate(_arguments: argparse.Namespace) -> int:
    from workstation.proof.certificate import certificate_path

    try:
        print(certificate_path().read_text(encoding="ascii"), end="")
    except FileNotFoundError as error:
        raise Failure("This workplace signs nothing: `sonofill signature setup` begins it.") from error
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from dicom_io.errors import DicomError
    from dicom_io.signatures.checking import check_signatures

    if Path(arguments.source).is_file():
        files, wrong = [Path(arguments.source).absolute()], list[str]()
    else:
        files, wrong = files_of(arguments)
    for sentence in wrong:
        complain(sentence)
    rows, bad = [], len(wrong)
    for file in files:
        try:
            found = check_signatures(file)
        except DicomError as error:
            rows.append({"file": str(file), "verdict": "unreadable", "signers": [], "added": [], "what": str(error)})
            continue
        bad += found.verdict in ("changed", "identity changed")
        rows.append(
            {
                "file": str(file),
                "verdict": found.verdict.replace(" ", "_"),
                "signers": [*found.signers],
                "added": [*found.added],
                "what": found.sentence(),
            }
        )
    broken = sum(row["verdict"] == "unreadable" for row in rows)
    unread = not bad and broken == len(rows)
    bad += broken  # beside files that can be read, one that cannot was damaged, or is none of them
    if unread:
        complain("None of it is a DICOM file that can be read: nothing was checked.")
    if arguments.json:
        print_json({"ok": None if unread else not bad, "files": rows})
    else:
        for row in rows:
            by = f" (by {', '.join(row['signers'])})" if row["signers"] else ""
            print(f"{row['file']}: {row['what']}{by}")
    return CANNOT_TELL if unread else 1 if bad else 0
