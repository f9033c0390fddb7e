"""`sonofill receive`: listens for studies from the servers that this workplace knows, and keeps them in the archive."""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.server import add_waiting_options, listening_place, patience_of
from workstation.cli.terminal import Failure, complain, on_orders_to_stop, print_json

if TYPE_CHECKING:
    from dicom_io.network import Node, Tls


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("receive", help="listen for studies from known servers (C-STORE), until stopped")
    add_archive_option(parser)
    parser.add_argument(
        "--listen",
        type=listening_place,
        default=("", 11112),
        metavar="[HOST:]PORT",
        help="where (11112, every address)",
    )
    parser.add_argument("--title", default="SONOFILL", metavar="TITLE", help="our AE title (SONOFILL)")
    parser.add_argument("--only", nargs="+", metavar="NODE", help="let in these alone of 'sonofill node list'")
    parser.add_argument("--for", dest="seconds", type=float, metavar="S", help="end after so long")
    parser.add_argument("--tls-trust", type=Path, metavar="FILE", help="secured: the authority that we trust")
    parser.add_argument("--tls-certificate", type=Path, metavar="FILE", help="secured: our own certificate")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="secured: its key, mode 0600")
    add_waiting_options(parser, calling=False)
    parser.add_argument("--json", action="store_true", help="one JSON document, at the end")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Listen until Ctrl-C, SIGTERM or the time is over; what was answered by then is in the archive."""
    from archive import Archive
    from workstation.network.receiving import Receiving

    host, port = arguments.listen
    nodes = _known(arguments.only)
    with Archive(archive_folder(arguments)) as kept:
        for note in kept.notes:
            complain(note)
        receiving = Receiving(kept, arguments.title, nodes, host, port, patience_of(arguments), _tls(arguments))
        names = ", ".join(node.name for node in nodes)
        with on_orders_to_stop():
            try:
                receiving.server.start()
                complain(f"Listening as {arguments.title} on port {receiving.server.port} for {names}.")
                _wait(arguments.seconds)
            except KeyboardInterrupt:
                pass
            finally:
                receiving.close()
    if arguments.json:
        print_json(
            {
                "studies": [{"study_instance_uid": uid, "objects": n} for uid, n in sorted(receiving.studies.items())],
                "refused": receiving.refused,
            }
        )
    else:
        for uid, count in sorted(receiving.studies.items()):
            print(f"{count} objects of study {uid}")
    return 0


def _wait(seconds: float | None) -> None:
    until_s = None if seconds is None else time.monotonic() + seconds
    waiting = threading.Event()
    while until_s is None or time.monotonic() < until_s:
        waiting.wait(0.5 if until_s is None else min(0.5, max(until_s - time.monotonic(), 0.01)))


def _known(only: list[str] | None) -> list[Node]:
    from dicom_io.errors import BadAddress
    from workstation.network.nodes import NodesUnusable, find_node, load_nodes
    from workstation.network.secrets import SecretsUnusable

    try:
        nodes = [find_node(name) for name in only] if only else [known.node() for known in load_nodes()]
    except (NodesUnusable, SecretsUnusable, BadAddress) as error:
        raise Failure(str(error), status=2) from error
    if not nodes:
        raise Failure("No server is known, so nobody would be let in: `sonofill node add` first.")
    return nodes


def _tls(arguments: argparse.Namespace) -> Tls | None:
    from dicom_io.network import Tls

    files = (arguments.tls_trust, arguments.tls_certificate, arguments.tls_key)
    if not any(files):
        return None
    if not all(files):
        raise Failure("A secured place needs all of --tls-trust, --tls-certificate and --tls-key.", status=2)
    return Tls(*files)
