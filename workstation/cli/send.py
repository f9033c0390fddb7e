"""`sonofill send`: a study to a server, by C-STORE or STOW-RS; waits for every answer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workstation.cli.outbox import open_outbox
from workstation.cli.place import add_archive_option, archive_folder, whole_uid
from workstation.cli.server import add_waiting_options, destination_of, node_json, patience_of, server_of
from workstation.cli.terminal import Failure, Progress, complain, print_json

if TYPE_CHECKING:
    from archive import Archive
    from dicom_io.network import Node
    from dicom_io.web import WebServer
    from workstation.studies.leaving import Leaving


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("send", help="send a study to a server (C-STORE, or STOW-RS to a web server)")
    parser.add_argument("study", metavar="STUDY", help="a Study Instance UID, or its beginning")
    add_archive_option(parser)
    parser.add_argument("--to", required=True, metavar="NODE|TITLE@HOST:PORT|URL", help="where to")
    parser.add_argument("--draft", action="store_true", help="send it although its encounter is a draft")
    parser.add_argument("--queue", action="store_true", help="put it into the outbox and return at once")
    add_waiting_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Send each object; exit status 1 where one was not taken."""
    from archive import Archive
    from workstation.network.sending import send_objects
    from workstation.studies.leaving import StillADraft, leaving

    node = server_of(arguments.to, arguments)
    with Archive(archive_folder(arguments), create=False) as kept:
        for note in kept.notes:
            complain(note)
        study = whole_uid(kept, arguments.study)
        rows = kept.for_others(study)
        try:
            going = leaving(study, rows, drafts=arguments.draft)
        except StillADraft as error:
            raise Failure(str(error)) from error
        if arguments.queue:
            return _queue(arguments, kept, node, going)
        progress = Progress("sending")
        try:
            sent = send_objects(node, going.objects, patience_of(arguments), progress)
        finally:
            progress.end()
        if not kept.read_only:
            arrived = {one.sop_instance_uid for one in sent if one.ok}
            rows = [row for row in going.objects if row.sop_instance_uid in arrived]
            open_outbox(kept).add_sent(destination_of(node), rows, study)
    failed = [one for one in sent if not one.ok]
    if arguments.json:
        print_json(
            {
                "study_instance_uid": study,
                "node": node_json(node),
                "sent": len(sent) - len(failed),
                "failed": len(failed),
                "drafts_kept_here": len(going.staying),
                "objects": [one.to_json() for one in sent],
            }
        )
    else:
        kept_here = f" {len(going.staying)} drafts of its encounter stay here." if going.staying else ""
        print(f"{len(sent) - len(failed)} of {len(sent)} objects are on {node}.{kept_here}")
    for sentence, count in _counted([one.what for one in sent if one.what]):
        complain(sentence if count == 1 else f"{sentence} ({count} objects)")
    return 1 if failed else 0


def _queue(arguments: argparse.Namespace, kept: Archive, node: Node | WebServer, going: Leaving) -> int:
    """Into the outbox; it is on the disk when this returns."""
    if arguments.calling is not None:
        raise Failure(
            "--as does not go with --queue: give the server a name with `sonofill node add … --as`.", status=2
        )
    destination = destination_of(node)
    study = going.study_instance_uid
    added = open_outbox(kept).add(destination, going.objects, study)
    already = len(going.objects) - added
    if arguments.json:
        print_json(
            {
                "study_instance_uid": study,
                "node": node_json(node),
                "queued": added,
                "already": already,
                "drafts_kept_here": len(going.staying),
            }
        )
    else:
        known = f", {already} were in it already" if already else ""
        print(f"{added} objects are in the outbox for {node}{known}: `sonofill outbox run` sends them.")
    return 0


def _counted(sentences: list[str]) -> list[tuple[str, int]]:
    """Each sentence once, with how often it was said."""
    return [(sentence, sentences.count(sentence)) for sentence in dict.fromkeys(sentences)]
