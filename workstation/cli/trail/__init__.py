"""`sonofill trail`: who did what with the records of an archive, from its ledger.

list   what is meant where no verb is said      export   the standard's audit messages, in a file
send   to a collector, by syslog over TLS
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

VERBS = ("list", "export", "send")


def with_verb(words: Sequence[str]) -> list[str]:
    """The words behind `trail` with the verb that they mean."""
    said = words[0] if words else "list"
    return [*words] if said in (*VERBS, "-h", "--help") else ["list", *words]


def add_to(commands: Any) -> None:
    """Add the command and its verbs to the parser."""
    from workstation.cli.trail import listing, sending

    parser = commands.add_parser("trail", help="the audit trail: who did what with which studies")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    listing.add_to(verbs)
    sending.add_to(verbs)
