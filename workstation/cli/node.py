"""`sonofill node add|list|test|remove`: the servers that this workplace knows."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.server import add_waiting_options, node_json, patience_of, server_of
from workstation.cli.terminal import Failure, complain, print_json

if TYPE_CHECKING:
    from dicom_io.network import Patience
    from dicom_io.web import WebServer
    from workstation.network.nodes import KnownTls


def add_to(commands: Any) -> None:
    """Add the command and its four verbs to the parser."""
    parser = commands.add_parser("node", help="the servers that this workplace knows, DICOM and web")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="remember a server under a name")
    add.add_argument("name", metavar="NAME", help="letters, digits, dot, dash")
    add.add_argument(
        "address",
        metavar="TITLE@HOST:PORT|URL",
        help="such as PACS@192.168.1.20:104, or https://pacs.example.org/dicom-web",
    )
    add.add_argument("--as", dest="calling", default="SONOFILL", metavar="TITLE", help="our own AE title (SONOFILL)")
    secured = add.add_argument_group("a secured server (TLS, certificates on both sides; files in PEM)")
    secured.add_argument("--tls-trust", type=Path, metavar="FILE", help="certificates of the authority that we trust")
    secured.add_argument("--tls-certificate", type=Path, metavar="FILE", help="our own certificate, with its chain")
    secured.add_argument("--tls-key", type=Path, metavar="FILE", help="its key, mode 0600")
    secured.add_argument("--tls-any-name", action="store_true", help="its certificate need not name the host")
    secured.add_argument("--tls-ask-passphrase", action="store_true", help="the key has a passphrase: read it, keep it")
    add.add_argument("--user", default="", metavar="NAME", help="at a web server; its password is read and kept")
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
    from dicom_io.web import is_web_address
    from workstation.network.nodes import NodesUnusable, add_node, secret_name
    from workstation.network.secrets import SecretsUnusable, keep_secret

    if is_web_address(arguments.address):
        return _add_web(arguments)
    if arguments.user:
        raise Failure("--user goes with a web server: a DICOM server knows us by title and certificate.", status=2)
    try:
        known = add_node(arguments.name, arguments.address, arguments.calling, _tls(arguments))
        if arguments.tls_ask_passphrase:
            complain(keep_secret(secret_name(known.name), _passphrase()))
        node = known.node()
    except BadAddress as error:
        raise Failure(str(error), status=2) from error
    except (NodesUnusable, SecretsUnusable) as error:
        raise Failure(str(error)) from error
    if arguments.json:
        print_json(node_json(node))
    else:
        print(f"{node} is known now: `sonofill node test {node.name}` asks it what it takes.")
    return 0


def _add_web(arguments: argparse.Namespace) -> int:
    """Remember a web server. Without --tls-trust the system's list of authorities counts."""
    from dicom_io.errors import BadAddress
    from workstation.network.nodes import NodesUnusable, add_web, secret_name
    from workstation.network.secrets import SecretsUnusable, keep_secret
    from workstation.network.web_nodes import KnownWeb, password_name

    if arguments.tls_any_name:
        raise Failure("A web server's certificate names its host: --tls-any-name does not go with it.", status=2)
    known = KnownWeb(
        name=arguments.name,
        url=arguments.address.rstrip("/"),
        user=arguments.user,
        has_password=bool(arguments.user),
        trusted=_file(arguments.tls_trust),
        certificate=_file(arguments.tls_certificate),
        key=_file(arguments.tls_key),
        has_passphrase=arguments.tls_ask_passphrase,
    )
    try:
        server = known.model_copy(update={"has_password": False, "has_passphrase": False}).server()  # is it one at all?
        add_web(known)
        if arguments.user:
            complain(keep_secret(password_name(known.name), _passphrase(f"Password of {arguments.user}: ")))
        if arguments.tls_ask_passphrase:
            complain(keep_secret(secret_name(known.name), _passphrase()))
    except BadAddress as error:
        raise Failure(str(error), status=2) from error
    except (NodesUnusable, SecretsUnusable) as error:
        raise Failure(str(error)) from error
    if not server.is_secured:
        complain(f"{server} is not asked over TLS: who can listen on the way reads the studies too.")
    if arguments.json:
        print_json(node_json(server))
    else:
        print(f"{server} is known now: `sonofill node test {server.name}` asks it.")
    return 0


def _file(file: Path | None) -> str:
    """A file's absolute path, where one is told."""
    if file is None:
        return ""
    if not file.is_file():
        raise Failure(f"There is no file {file}: name the certificates and the key.", status=2)
    return str(file.absolute())


def _tls(arguments: argparse.Namespace) -> KnownTls | None:
    """The secured server's files, checked before they are remembered."""
    from workstation.network.nodes import KnownTls

    files = (arguments.tls_trust, arguments.tls_certificate, arguments.tls_key)
    if not any(files):
        return None
    if not all(files):
        raise Failure("A secured server needs all of --tls-trust, --tls-certificate and --tls-key.", status=2)
    trusted, certificate, key = (_file(file) for file in files)
    return KnownTls(
        trusted=trusted,
        certificate=certificate,
        key=key,
        any_name=arguments.tls_any_name,
        has_passphrase=arguments.tls_ask_passphrase,
    )


def _passphrase(prompt: str = "Passphrase of the key: ") -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\n")


def _list(arguments: argparse.Namespace) -> int:
    from dicom_io.errors import BadAddress
    from workstation.network.nodes import NodesUnusable, load_nodes, load_web
    from workstation.network.secrets import SecretsUnusable

    try:
        nodes = [known.node() for known in load_nodes()]
        web = [known.server() for known in load_web()]
    except (NodesUnusable, SecretsUnusable, BadAddress) as error:
        raise Failure(str(error)) from error
    if arguments.json:
        print_json([*map(node_json, nodes), *map(node_json, web)])
    else:
        for node in nodes:
            print(f"{node.name:16} {node.address}  (we are {node.calling_title}){'  TLS' if node.tls else ''}")
        for server in web:
            print(f"{server.name:16} {server.address}{f'  (as {server.user})' if server.user else ''}")
        if not nodes and not web:
            print("No servers yet: `sonofill node add NAME TITLE@HOST:PORT`, or its web address.")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    from workstation.network.nodes import NodesUnusable, remove_node
    from workstation.network.secrets import SecretsUnusable

    try:
        remove_node(arguments.name)
    except (NodesUnusable, SecretsUnusable) as error:
        raise Failure(str(error)) from error
    if arguments.json:
        print_json({"removed": arguments.name})
    else:
        print(f"{arguments.name} is forgotten.")
    return 0


def _test(arguments: argparse.Namespace) -> int:
    from dicom_io.errors import NetworkError
    from dicom_io.network import echo, kinds_taken
    from dicom_io.web import WebServer

    node = server_of(arguments.name, arguments)
    patience = patience_of(arguments)
    if isinstance(node, WebServer):
        return _test_web(arguments, node, patience)
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


def _test_web(arguments: argparse.Namespace, server: WebServer, patience: Patience) -> int:
    """Ask a web server for a study that nobody has: whoever answers that lets us in and speaks DICOMweb."""
    from dicom_io import new_uid
    from dicom_io.errors import NetworkError
    from dicom_io.web import WebConnection, studies_of

    try:
        with WebConnection(server, patience) as connection:
            studies_of(connection, study_instance_uid=new_uid())
    except NetworkError as error:
        if arguments.json:
            print_json({**node_json(server), "ok": False, "what": str(error), "takes": []})
        return complain(str(error))
    if arguments.json:
        print_json({**node_json(server), "ok": True, "what": "", "implementation": "", "takes": []})
    else:
        print(f"{server} answers a search. What it takes is told when something is sent.")
    return 0
