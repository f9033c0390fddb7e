"""The servers that this workplace knows, by name: `nodes.json` beside the settings. No Qt.

    {"version": 1, "nodes": [{"name": "pacs", "ae_title": "PACS", "host": "192.168.1.20", "port": 104}]}

Web servers (DICOMweb) stand in the same file, under "web". A file is read
strictly, as the settings are. It is replaced as a whole, mode 0600.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from annotation.autosave import write_durably
from dicom_io.network import OWN_TITLE, Node, Tls, parse_address
from dicom_io.web import WebServer
from workstation.network.secrets import find_secret, forget_secret
from workstation.network.web_nodes import KnownWeb, password_name, web_server_of
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
    web: list[KnownWeb] = []

    @property
    def names(self) -> list[str]:
        """Of all servers."""
        return [node.name for node in self.nodes] + [node.name for node in self.web]


def nodes_path() -> Path:
    """Where the list lies: beside the settings."""
    return settings_path().with_name("nodes.json")


def load_nodes() -> list[KnownNode]:
    """The DICOM servers in order of their names; none where there is no file. Raises NodesUnusable."""
    return sorted(_load().nodes, key=lambda node: node.name)


def load_web() -> list[KnownWeb]:
    """The web servers in order of their names. Raises NodesUnusable."""
    return sorted(_load().web, key=lambda node: node.name)


def _load() -> KnownNodes:
    path = nodes_path()
    try:
        return KnownNodes.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return KnownNodes()
    except OSError as error:
        raise NodesUnusable(f"The list of servers {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NodesUnusable(f"The list of servers {path} is not used, mend it: {where} {first['msg']}.") from error


def add_node(name: str, address: str, calling_title: str = OWN_TITLE, tls: KnownTls | None = None) -> KnownNode:
    """Remember a server under a name that is new. Raises NodesUnusable, BadAddress."""
    known = _known_with(name)
    node = parse_address(address, calling_title)
    new = KnownNode(
        name=name, ae_title=node.ae_title, host=node.host, port=node.port, calling_title=node.calling_title, tls=tls
    )
    _save(known.model_copy(update={"nodes": [*known.nodes, new]}))
    return new


def add_web(new: KnownWeb) -> None:
    """Remember a web server under a name that is new. Raises NodesUnusable."""
    known = _known_with(new.name)
    _save(known.model_copy(update={"web": [*known.web, new]}))


def _known_with(name: str) -> KnownNodes:
    """What is known, where `name` may come to it. Raises NodesUnusable."""
    if not _NAME.fullmatch(name):
        raise NodesUnusable(f"{name[:40]!r} is no name for a server: take letters, digits, dot, dash, 32 at most.")
    known = _load()
    if name in known.names:
        raise NodesUnusable(f"There is a server {name} already: remove it first, or choose another name.")
    return known


def remove_node(name: str) -> None:
    """Forget a server. Raises NodesUnusable where there is none of that name."""
    known = _load()
    gone = [node for node in known.nodes if node.name == name]
    gone_web = [node for node in known.web if node.name == name]
    if not gone and not gone_web:
        raise NodesUnusable(_unknown(name, known))
    nodes, web = ([node for node in some if node.name != name] for some in (known.nodes, known.web))
    _save(known.model_copy(update={"nodes": nodes, "web": web}))
    if any(node.tls is not None and node.tls.has_passphrase for node in gone) or any(
        w.has_passphrase for w in gone_web
    ):
        forget_secret(secret_name(name))
    if any(one.has_password for one in gone_web):
        forget_secret(password_name(name))


def find_node(told: str, calling_title: str | None = None) -> Node:
    """The server of a name, or of TITLE@HOST:PORT; `calling_title` in place of its own.

    Raises NodesUnusable, for a web server too; BadAddress, SecretsUnusable.
    """
    found = find_server(told, calling_title)
    if isinstance(found, WebServer):
        raise NodesUnusable(
            f"{found} speaks DICOMweb, which has no such service: name a DICOM server (TITLE@HOST:PORT)."
        )
    return found


def find_server(told: str, calling_title: str | None = None) -> Node | WebServer:
    """As `find_node`, or the web server of a name or an address. Raises NodesUnusable, BadAddress, SecretsUnusable."""
    known = _load()
    web = web_server_of(told, known.web)
    if web is not None:
        return web
    if "@" in told:
        return parse_address(told, calling_title or OWN_TITLE)
    for one in known.nodes:
        if one.name == told:
            return one.node(calling_title)
    raise NodesUnusable(_unknown(told, known))


def _unknown(name: str, known: KnownNodes) -> str:
    names = ", ".join(sorted(known.names)) or "none yet"
    return (
        f"There is no server {name[:40]} (known: {names}): add it with `sonofill node add`, or write TITLE@HOST:PORT or a"
        " web address."
    )


def _save(known: KnownNodes) -> None:
    path = nodes_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(known.model_dump_json(indent=1, exclude=None if known.web else {"web"}) + "\n", path, mode=0o600)
    except OSError as error:
        raise NodesUnusable(f"The list of servers {path} cannot be written: {error.strerror}.") from error


__all__ = [
    "KnownNode",
    "KnownTls",
    "NodesUnusable",
    "add_node",
    "add_web",
    "find_node",
    "find_server",
    "load_nodes",
    "load_web",
    "remove_node",
    "secret_name",
]
