"""Where others call us: a PACS that reports a commitment, a workstation that sends a study. In comes only who is known.

A caller from an address that is not on the list gets not one byte. One whose title is not on the list with that address, or
that calls another title than ours, is turned away with DICOM's reason. An AE title is no proof of anything: TLS is.
Every wait has an end, and so has the number of callers at once.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dicom_io.errors import DicomError, NetworkError, NotSecure, Unreachable, WrongAnswer
from dicom_io.network import admit
from dicom_io.network import command as dimse
from dicom_io.network.admit import Offer
from dicom_io.network.associate import Association, Released
from dicom_io.network.command import Command
from dicom_io.network.echo import IMPLICIT_VR_LITTLE_ENDIAN, VERIFICATION
from dicom_io.network.node import Node, Patience
from dicom_io.network.tls import Tls, called_context
from dicom_io.network.wire import ASSOCIATE_RQ, Wire, reason

log = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 16
_BACKLOG: Final = 16
_UNRECOGNIZED: Final = 0x0211

#: Reads what belongs to the command (its data set, where it has one) and sends the response.
Handler = Callable[["Visit", int, Command], None]


@dataclass(frozen=True, slots=True)
class Visit:
    """An open association of a caller that was let in."""

    association: Association
    calling_title: str
    address: str


class KnownCallers:
    """Who may call: titles by address. Names are looked up once; one that has no address lets nobody in."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._titles: dict[str, set[str]] = {}
        for node in nodes:
            with contextlib.suppress(OSError):
                for *_, address in socket.getaddrinfo(node.host, None, type=socket.SOCK_STREAM):
                    self._titles.setdefault(plain_address(str(address[0])), set()).add(node.ae_title)

    def is_known(self, address: str, title: str | None = None) -> bool:
        """Whether someone may call from there; with `title`, whether by that title."""
        titles = self._titles.get(plain_address(address), set())
        return bool(titles) if title is None else title in titles


def plain_address(address: str) -> str:
    """An IP address in one form: IPv4 also where it came through an IPv6 socket."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


class Server:
    """Listens from `start` (or the beginning of a `with` block) to `stop`."""

    def __init__(
        self,
        title: str,
        callers: KnownCallers,
        offers: Mapping[str, Offer],
        handlers: Mapping[int, Handler],
        *,
        host: str = "",
        port: int = 0,
        patience: Patience | None = None,
        tls: Tls | None = None,
    ) -> None:
        """`offers` by SOP class, `handlers` by command field; C-ECHO is answered besides. `host` "": every address."""
        self._title, self._callers = title, callers
        self._tls = called_context(tls) if tls else None
        self._offers = {VERIFICATION: Offer(frozenset({IMPLICIT_VR_LITTLE_ENDIAN})), **offers}
        self._handlers = {dimse.C_ECHO: _answer_echo, **handlers}
        self._place = (host, port)
        self._patience = patience or Patience()
        self._listening: socket.socket | None = None
        self._open: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        self._accepting: threading.Thread | None = None
        self._stopping = False

    @property
    def port(self) -> int:
        """The port that it listens on."""
        if self._listening is None:
            raise RuntimeError("the server is not started")
        return int(self._listening.getsockname()[1])

    def start(self) -> None:
        """Raises Unreachable where the port cannot be had."""
        host, port = self._place
        family = socket.AF_INET6 if ":" in host or (not host and socket.has_dualstack_ipv6()) else socket.AF_INET
        try:
            self._listening = socket.create_server(
                (host, port), family=family, backlog=_BACKLOG, dualstack_ipv6=family == socket.AF_INET6 and not host
            )
        except OSError as error:
            raise Unreachable(
                f"Port {port} cannot be listened on ({error.strerror}): choose another, or end what uses it."
            ) from error
        self._accepting = threading.Thread(target=self._accept, name="dicom-accept", daemon=True)
        self._accepting.start()

    def stop(self) -> None:
        """Listen no more, and end the associations that are open."""
        self._stopping = True
        if self._listening is None or self._accepting is None:
            return
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()
        with self._lock:
            still = dict(self._open)
        for connection in still.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in still:
            thread.join()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _accept(self) -> None:
        assert self._listening is not None
        while not self._stopping:
            try:
                connection, (address, *_) = self._listening.accept()
            except OSError:
                continue  # the listening socket is closed, or the caller has gone already
            if not self._callers.is_known(address):
                log.warning("A caller from %s is not known: it was turned away.", address)
                connection.close()
                continue
            thread = threading.Thread(target=self._visit, args=(connection, address), name="dicom-visit", daemon=True)
            with self._lock:
                self._open[thread] = connection
            thread.start()

    def _visit(self, connection: socket.socket, address: str) -> None:
        try:
            self._serve(connection, address)
        except Released:
            pass
        except DicomError as error:
            log.warning("The association with %s ended: %s", address, error)
        finally:
            connection.close()
            with self._lock:
                self._open.pop(threading.current_thread(), None)

    def _serve(self, connection: socket.socket, address: str) -> None:
        if self._tls is not None:
            connection.settimeout(self._patience.associate_s)
            try:
                connection = self._tls.wrap_socket(connection, server_side=True)
            except OSError as error:
                raise NotSecure(f"It has no certificate that we trust, or speaks no TLS ({reason(error)}).") from error
            with self._lock:
                self._open[threading.current_thread()] = connection  # the plain one has given its connection away
        with contextlib.closing(Wire(connection, address)) as wire:
            association, title = self._admit(wire, address)
            if association is None:
                return
            try:
                self._answer(Visit(association, title, address))
            except NetworkError:
                association.abort()
                raise

    def _admit(self, wire: Wire, address: str) -> tuple[Association | None, str]:
        kind, body = wire.pdu(self._patience.associate_s)
        if kind != ASSOCIATE_RQ:
            raise WrongAnswer("It does not begin with an association.")
        request = admit.asked(bytes(body))
        why = None
        if not self._callers.is_known(address, request.calling_title):
            why = admit.UNKNOWN_CALLER
        elif request.called_title != self._title:
            why = admit.UNKNOWN_TITLE
        elif len(self._open) > _MOST_AT_ONCE:
            why = admit.TOO_MANY
        if why is not None:
            log.warning("A caller from %s was turned away: %s", address, _WHY[why])
            wire.send(admit.rejection(why), self._patience.associate_s)
            return None, ""
        answer, agreed = admit.acceptance(request, self._offers)
        wire.send(answer, self._patience.associate_s)
        return Association(wire, agreed, self._patience, f"{request.calling_title} ({address})"), request.calling_title

    def _answer(self, visit: Visit) -> None:
        """One request after another, until the caller releases the association."""
        while True:
            context, command = visit.association.receive_command()
            handler = self._handlers.get(int(command[dimse.FIELD]))
            if handler is not None:
                handler(visit, context, command)
            elif command[dimse.FIELD] != dimse.C_CANCEL:
                visit.association.receive_data_set(context, command)
                visit.association.send(context, dimse.answer(command, _UNRECOGNIZED))


_WHY = {
    admit.UNKNOWN_CALLER: "its AE title is not known for this address.",
    admit.UNKNOWN_TITLE: "it calls another AE title than ours.",
    admit.TOO_MANY: "there are too many callers at once.",
}


def _answer_echo(visit: Visit, context: int, command: Command) -> None:
    visit.association.receive_data_set(context, command)
    visit.association.send(context, dimse.answer(command, 0))
