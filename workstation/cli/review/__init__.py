"""`sonofill review`: work lists, readings, settlements and answers of the authors, beside the archive of the records.

lists    what is to be read        forms    reading and settling        answers    what the author is told and says
"""

from __future__ import annotations

from typing import Any

_EPILOG = """A reader judges by criterion, blind to the other readers: nobody is shown a judgement before all have
signed. Reviews are DICOM structured reports in a folder of their own; the archive of the records is only read."""


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    from workstation.cli.review import answers, forms, lists

    parser = commands.add_parser(
        "review", help="records judged by persons: work lists, readings, answers", epilog=_EPILOG
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    for part in (lists, forms, answers):
        part.add_to(verbs)
