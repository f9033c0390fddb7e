"""`sonofill query` and `sonofill retrieve`: which studies a server has, and bringing one into the archive."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.server import add_waiting_options, listening_place, node_json, patience_of, server_of
from workstation.cli.terminal import Failure, complain, print_json


def add_to(commands: Any) -> None:
    """Add both commands to the parser."""
    query = commands.add_parser("query", help="which studies a server has (C-FIND, or QIDO-RS)")
    query.add_argument("--patient-id", default="", metavar="P")
    query.add_argument(
        "--patient-name", default="", metavar="N", help="Family^Given; * and ? stand for what is not known"
    )
    query.add_argument("--dates", default="", metavar="YYYYMMDD[-YYYYMMDD]", help="a day, or from and to")
    query.add_argument("--modality", default="", metavar="M")
    query.add_argument("--study", default="", metavar="UID")
    retrieve = commands.add_parser(
        "retrieve", help="bring a study of a server into the archive (C-GET, C-MOVE or WADO-RS)"
    )
    retrieve.add_argument("study", metavar="UID", help="the whole Study Instance UID")
    add_archive_option(retrieve)
    retrieve.add_argument(
        "--move", type=listening_place, metavar="[HOST:]PORT", help="by C-MOVE to here, where the server knows us by"
    )
    for parser, run in ((query, _query), (retrieve, _retrieve)):
        asked = parser.add_mutually_exclusive_group(required=True) if parser is query else parser
        asked.add_argument(
            "--from", dest="node", required=parser is retrieve, metavar="NODE|TITLE@HOST:PORT|URL", help="who has it"
        )
        if parser is query:
            asked.add_argument(
                "--archive", dest="node", metavar="URL", help="the same, as other commands name a server"
            )
        add_waiting_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.set_defaults(run=run)


def _query(arguments: argparse.Namespace) -> int:
    from dicom_io.network import studies_there
    from dicom_io.web import WebConnection, WebServer, studies_of

    node = server_of(arguments.node, arguments)
    patience = patience_of(arguments)
    wanted = {
        "patient_id": arguments.patient_id,
        "patient_name": arguments.patient_name,
        "dates": arguments.dates,
        "modality": arguments.modality,
        "study_instance_uid": arguments.study,
    }
    if isinstance(node, WebServer):
        with WebConnection(node, patience) as connection:
            found, broken = studies_of(connection, **wanted)
        rows = [one.there for one in found]
    else:
        rows, broken = studies_there(node, **wanted, patience=patience)
    if arguments.json:
        print_json({"node": node_json(node), "studies": [row.to_json() for row in rows], "broken": broken})
    else:
        for row in rows:
            name = row.patient_name.replace("^", " ").strip()
            print(
                f"{row.study_instance_uid}  {row.date}  {row.patient_id}  {name}  {row.description}  {row.objects} objects"
            )
        if not rows:
            print("No such study there.")
    if broken:
        complain(f"{broken} answers of {node} could not be used: they are damaged, or name no study.")
    return 0


def _retrieve(arguments: argparse.Namespace) -> int:
    from archive import Archive
    from dicom_io.web import WebServer
    from workstation.network.retrieving import retrieve, retrieve_by_web

    node = server_of(arguments.node, arguments)
    if isinstance(node, WebServer) and arguments.move:
        raise Failure("--move goes with a DICOM server: a web server answers on our own connection.", status=2)
    with Archive(archive_folder(arguments)) as kept:
        for note in kept.notes:
            complain(note)
        patience = patience_of(arguments)
        if isinstance(node, WebServer):
            brought, wrong = retrieve_by_web(kept, node, arguments.study, patience)
        else:
            brought, wrong = retrieve(kept, node, arguments.study, arguments.move, patience), []
    for sentence in wrong:
        complain(sentence)
    if arguments.json:
        print_json({"node": node_json(node), **brought.to_json()})
    else:
        print(f"{brought.kept} objects of study {arguments.study} are in the archive.")
    if not brought.whole:
        complain(f"{node} says {brought.completed} sent and {brought.failed} failed; {brought.kept} are kept here.")
    return 0 if brought.whole else 1
