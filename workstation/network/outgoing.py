"""The outbox's sender over DICOM's services: joins `archive.outbox` (which knows no sockets) and `dicom_io.network`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from archive.outbox import Item, NeverSo, NotNow, Outcome, Session
from dicom_io.errors import BadAddress, BadCertificate, CannotOpen, NetworkError, NotAccepted, NotDicom, NotLetIn
from dicom_io.network import Association, Patience, associate, object_file, store
from dicom_io.network.negotiate import Proposal
from dicom_io.web import WebConnection, WebServer, send
from workstation.network.nodes import NodesUnusable, find_server
from workstation.network.secrets import SecretsUnusable

_REJECTED: Final = Outcome("refused", "It was rejected here after it was queued: it stays here.")


def _none(_: str) -> bool:
    """Nothing was rejected."""
    return False


class _StoreSession:
    def __init__(self, association: Association, is_hidden: Callable[[str], bool]) -> None:
        self._association, self._is_hidden = association, is_hidden

    def send(self, item: Item) -> Outcome:
        if self._is_hidden(item.sop_instance_uid):
            return _REJECTED
        try:
            answer = store(self._association, object_file(item.file))
        except (NotAccepted, NotDicom, CannotOpen) as error:
            return Outcome("refused", str(error))
        except NetworkError as error:
            raise NotNow(str(error)) from error
        if answer.ok:
            return Outcome("stored", answer.what)
        return Outcome("later" if answer.passing else "refused", answer.what)


class _WebSession:
    """By STOW-RS, one object a request on a connection that stays open."""

    def __init__(self, connection: WebConnection, is_hidden: Callable[[str], bool]) -> None:
        self._connection, self._is_hidden = connection, is_hidden

    def send(self, item: Item) -> Outcome:
        if self._is_hidden(item.sop_instance_uid):
            return _REJECTED
        try:
            (answer,) = send(self._connection, [object_file(item.file)])
        except (NotAccepted, NotDicom, CannotOpen) as error:
            return Outcome("refused", str(error))
        except NotLetIn as error:
            raise (NotNow if error.passing else NeverSo)(str(error)) from error
        except NetworkError as error:
            raise NotNow(str(error)) from error
        if answer.ok:
            return Outcome("stored", answer.what)
        return Outcome("later" if answer.passing else "refused", answer.what)


class StoreSender:
    """Sends by C-STORE or STOW-RS to the servers that this workplace knows, to TITLE@HOST:PORT or a web address."""

    def __init__(self, patience: Patience | None = None, is_hidden: Callable[[str], bool] = _none) -> None:
        """`is_hidden` tells of a SOP Instance UID whether it was rejected meanwhile (`Archive.is_hidden`)."""
        self._patience, self._is_hidden = patience, is_hidden

    @contextmanager
    def open(self, destination: str, items: Sequence[Item]) -> Iterator[Session]:
        """An association that takes these kinds of objects. Raises NotNow, NeverSo."""
        kinds = dict.fromkeys((item.sop_class, item.transfer_syntax) for item in items)
        try:
            node = find_server(destination)
            if isinstance(node, WebServer):
                with WebConnection(node, self._patience) as connection:
                    yield _WebSession(connection, self._is_hidden)
                return
            association = associate(node, [Proposal(kind, (syntax,)) for kind, syntax in kinds], self._patience)
        except (NodesUnusable, SecretsUnusable, BadAddress, BadCertificate, NotAccepted) as error:
            raise NeverSo(str(error)) from error
        except NotLetIn as error:
            raise (NotNow if error.passing else NeverSo)(str(error)) from error
        except NetworkError as error:
            raise NotNow(str(error)) from error
        with association:
            yield _StoreSession(association, self._is_hidden)
