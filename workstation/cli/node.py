"""`sonofill node add|list|test|remove`: the servers that this workplace knows."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from workstation.cli.server import add_waiting_options, node_json, node_of, patience_of
from workstation.cli.terminal import Failure, complain, print_json


def add_to(commands: Any) -> None:
    """Add the command and its four verbs to the parser."""
    parser = commands.add_parser("node", help="the DICOM servers that this workplace knows")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="remember a server under a name")
    add.add_argument("name", metavar="NAME", help="letters, digits, dot, dash")
    add.add_argument("address", metavar="TITLE@HOST:PORT", help="such as PACS@192.168.1.20:104")
    add.add_argument("--as", dest="calling", default="SONOFILL", metavar="TITLE", help="our own AE title (SONOFILL)")
    listed = verbs.add_parser("list", help="what is known")
    test = verbs.add_parser("test", help="ask it for an answer, and what of our objects it takes")
    add_waiting_options(test)
    remove = verbs.add_parser("remove", help="forget a server")
    for verb in (test, remove):
        verb.add_argument("name", metavar="NAME")
    runs: tuple[tuple[Any, Callable[[argparse.Namespace], int]], ...] = (
        (add, _add),
        (listed, _list),
        (test, _test),
        (remove, _remove),
    )
    for verb, run in runs:
        verb.add_argument("--json", action="store_true", help="one JSON document")
        verb.set_defaults(run=run)


def _add(arguments: argparse.Namespace) -> int:
    from dicom_io.errors import BadAddress
    from workstation.nodes import NodesUnusable, add_node

    try:
        known = add_node(arguments.name, arguments.address, arguments.calling)
    except BadAddress as error:
        raise Failure(str(error), status=2) from error
    except NodesUnusable as error:
        raise Failure(str(error)) from error
    node = known.node()
    if arguments.json:
        print_json(node_json(node))
    else:
        print(f"{node} is known now: `sonofill node test {node.name}` asks it what it takes.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    from dicom_io.errors import BadAddress
    from workstation.nodes import NodesUnusable, load_nodes

    try:
        nodes = [known.node() for known in load_nodes()]
    except (NodesUnusable, BadAddress) as error:
        raise Failure(str(error)) from error
    if arguments.json:
        print_json([node_json(node) for node in nodes])
    else:
        for node in nodes:
            print(f"{node.name:16} {node.address}  (we are {node.calling_title})")
        if not nodes:
            print("No servers yet: `sonofill node add NAME TITLE@HOST:PORT`.")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from workstation.nodes import NodesUnusable, remove_node

    try:
        remove_node(arguments.name)
    except NodesUnusable as error:
        raise Failure(str(error)) from error
    if arguments.json:
        print_json({"removed": arguments.name})
    else:
        print(f"{arguments.name} is forgotten.")
    return 0


def _test(arguments: argparse.Namespace) -> int:
    from dicom_io.errors import NetworkError
    from dicom_io.network import echo, kinds_taken

    node = node_of(arguments.name, arguments)
    patience = patience_of(arguments)
    try:
        answer = echo(node, patience)
        kinds = kinds_taken(node, patience)
    except NetworkError as error:
        if arguments.json:
            print_json({**node_json(node), "ok": False, "what": str(error), "takes": []})
        return complain(str(error))
    if arguments.json:
        takes = [kind.to_json() for kind in kinds]
        print_json({**node_json(node), "ok": True, "what": "", "implementation": answer.implementation, "takes": takes})
    else:
        print(
            f"{node} answers after {answer.answered_ms:.0f} ms ({answer.implementation or 'it does not say what it is'})."
        )
        for kind in kinds:
            print(f"  {'takes  ' if kind.taken else 'REJECTS'} {kind.name} in {kind.syntax_name}")
    return 0 if all(kind.taken for kind in kinds) else 1
