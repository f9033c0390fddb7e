"""Options and words that the commands which speak to a server share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workstation.cli.terminal import Failure

if TYPE_CHECKING:
    from dicom_io.network import Node, Patience
    from dicom_io.web import WebServer


def add_waiting_options(parser: Any, calling: bool = True) -> None:
    """--timeout, and with `calling` --as: how long we wait, and by which title we call."""
    if calling:
        parser.add_argument(
            "--as", dest="calling", metavar="TITLE", help="our own AE title (default: the node's, or SONOFILL)"
        )
    parser.add_argument(
        "--timeout", type=_seconds, metavar="S", help="how long an answer may take (default 120; connecting 10)"
    )


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def listening_place(text: str) -> tuple[str, int]:
    """Parse [HOST:]PORT."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, or HOST:PORT")
    return host.strip("[]"), int(port)


def node_of(told: str, arguments: argparse.Namespace) -> Node:
    """The server that is meant: a name of the list, or TITLE@HOST:PORT. Raises Failure (wrong use)."""
    from dicom_io.errors import BadAddress
    from workstation.network.nodes import NodesUnusable, find_node
    from workstation.network.secrets import SecretsUnusable

    try:
        return find_node(told, arguments.calling)
    except (NodesUnusable, SecretsUnusable, BadAddress) as error:
        raise Failure(str(error), status=2) from error


def server_of(told: str, arguments: argparse.Namespace) -> Node | WebServer:
    """As `node_of`, or a web server: by its name or address. Raises Failure (wrong use)."""
    from dicom_io.errors import BadAddress
    from workstation.network.nodes import NodesUnusable, find_server
    from workstation.network.secrets import SecretsUnusable

    try:
        return find_server(told, getattr(arguments, "calling", None))
    except (NodesUnusable, SecretsUnusable, BadAddress) as error:
        raise Failure(str(error), status=2) from error


def destination_of(node: Node | WebServer) -> str:
    """Under which word the outbox knows a server."""
    return node.name or node.address


def patience_of(arguments: argparse.Namespace) -> Patience:
    """How long we wait: the option holds for each of the three waits, and for connecting ten seconds at most."""
    from dicom_io.network import Patience

    if getattr(arguments, "timeout", None) is None:
        return Patience()
    return Patience(min(10.0, arguments.timeout), arguments.timeout, arguments.timeout)


def node_json(node: Node | WebServer) -> dict[str, object]:
    """A server as the documents show it."""
    from dicom_io.web import WebServer

    if isinstance(node, WebServer):
        return {"name": node.name, "url": node.address, "user": node.user, "tls": node.is_secured}
    return {
        "name": node.name,
        "ae_title": node.ae_title,
        "host": node.host,
        "port": node.port,
        "calling_title": node.calling_title,
        "tls": node.tls is not None,
    }
