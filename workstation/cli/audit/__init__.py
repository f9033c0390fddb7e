"""`sonofill audit`: records judged by a rubric from their DICOM files alone.

study       one record, criterion by criterion; what is meant where no verb is said
pack        what an auditor takes away            portfolio   encounters counted against what a course asks for
agreement   how far readers agree                 fleet       which criteria fail how often over an archive
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

VERBS = ("study", "pack", "portfolio", "agreement", "fleet")


def with_verb(words: Sequence[str]) -> list[str]:
    """The words behind `audit` with the verb that they mean: `audit STUDY` is `audit study STUDY`."""
    said = words[0] if words else "-h"
    return [*words] if said in (*VERBS, "-h", "--help") else ["study", *words]


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    from workstation.cli.audit import agreement, fleet, pack, portfolio, study

    parser = commands.add_parser(
        "audit",
        help="judge records by a rubric, from their DICOM files alone",
        epilog="`audit STUDY` and `audit DIR` judge one record; a folder that is called like a verb is ./pack.",
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for part in (study, pack, portfolio, agreement, fleet):
        part.add_to(verbs)
