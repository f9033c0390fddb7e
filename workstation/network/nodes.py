"""The servers that this workplace knows, by name: `nodes.json` beside the settings. No Qt.

    {"version": 1, "nodes": [{"name": "pacs", "ae_title": "PACS", "host": "192.168.1.20", "port": 104}]}

A file is read strictly, as the settings are. It is replaced as a whole, mode 0600.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from annotation.autosave import write_durably
from dicom_io.network import OWN_TITLE, Node, Tls, parse_address
from workstation.network.secrets import find_secret, forget_secret
from workstation.settings import settings_path

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


class NodesUnusable(Exception):
    """The list of servers cannot be read or written, or has no such name; the message is one sentence for the user."""


class KnownTls(BaseModel):
    """The files of a secured server, absolute. A key's passphrase is among the secrets (`workstation.network.secrets`)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    trusted: str
    certificate: str
    key: str
    any_name: bool = False
    has_passphrase: bool = False


class KnownNode(BaseModel):
    """One server as the file says it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=f"^{_NAME.pattern}$")]
    ae_title: str
    host: str
    port: int
    calling_title: str = OWN_TITLE
    tls: KnownTls | None = None

    def node(self, calling_title: str | None = None) -> Node:
        """The server itself. Raises BadAddress where the file was written by hand, and wrongly; SecretsUnusable."""
        secured = None
        if self.tls is not None:
            passphrase = find_secret(secret_name(self.name)) if self.tls.has_passphrase else ""
            files = (Path(self.tls.trusted), Path(self.tls.certificate), Path(self.tls.key))
            secured = Tls(*files, any_name=self.tls.any_name, key_password=passphrase)
        return Node(self.ae_title, self.host, self.port, calling_title or self.calling_title, self.name, secured)


def secret_name(node_name: str) -> str:
    """Under which name the passphrase of a server's key is kept."""
    return f"tls-key {node_name}"


class KnownNodes(BaseModel):
    """The whole file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    version: Literal[1] = 1
    nodes: list[KnownNode] = []


def nodes_path() -> Path:
    """Where the list lies: beside the settings."""
    return settings_path().with_name("nodes.json")


def load_nodes() -> list[KnownNode]:
    """The servers in order of their names; none where there is no file. Raises NodesUnusable."""
    path = nodes_path()
    try:
        return sorted(KnownNodes.model_validate_json(path.read_bytes()).nodes, key=lambda node: node.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise NodesUnusable(f"The list of servers {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NodesUnusable(f"The list of servers {path} is not used, mend it: {where} {first['msg']}.") from error


def add_node(name: str, address: str, calling_title: str = OWN_TITLE, tls: KnownTls | None = None) -> KnownNode:
    """Remember a server under a name that is new. Raises NodesUnusable, BadAddress."""
    if not _NAME.fullmatch(name):
        raise NodesUnusable(f"{name[:40]!r} is no name for a server: take letters, digits, dot, dash, 32 at most.")
    known = load_nodes()
    if any(node.name == name for node in known):
        raise NodesUnusable(f"There is a server {name} already: remove it first, or choose another name.")
    node = parse_address(address, calling_title)
    new = KnownNode(
        name=name, ae_title=node.ae_title, host=node.host, port=node.port, calling_title=node.calling_title, tls=tls
    )
    _save([*known, new])
    return new


def remove_node(name: str) -> None:
    """Forget a server. Raises NodesUnusable where there is none of that name."""
    known = load_nodes()
    gone = [node for node in known if node.name == name]
    if not gone:
        raise NodesUnusable(_unknown(name, known))
    _save([node for node in known if node.name != name])
    if gone[0].tls is not None and gone[0].tls.has_passphrase:
        forget_secret(secret_name(name))


def find_node(told: str, calling_title: str | None = None) -> Node:
    """The server of a name, or of TITLE@HOST:PORT; `calling_title` in place of its own. Raises NodesUnusable, BadAddress."""
    if "@" in told:
        return parse_address(told, calling_title or OWN_TITLE)
    known = load_nodes()
    for one in known:
        if one.name == told:
            return one.node(calling_title)
    raise NodesUnusable(_unknown(told, known))


def _unknown(name: str, known: list[KnownNode]) -> str:
    names = ", ".join(node.name for node in known) or "none yet"
    return (
        f"There is no server {name[:40]} (known: {names}): add it with `sonofill node add`, or write TITLE@HOST:PORT."
    )


def _save(nodes: list[KnownNode]) -> None:
    path = nodes_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(KnownNodes(nodes=nodes).model_dump_json(indent=1) + "\n", path, mode=0o600)
    except OSError as error:
        raise NodesUnusable(f"The list of servers {path} cannot be written: {error.strerror}.") from error


__all__ = [
    "KnownNode",
    "KnownTls",
    "NodesUnusable",
    "add_node",
    "find_node",
    "load_nodes",
    "remove_node",
    "secret_name",
]
