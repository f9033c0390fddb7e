"""The outbox's sender over DICOM's services: joins `archive.outbox` (which knows no sockets) and `dicom_io.network`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from archive.outbox import Item, NeverSo, NotNow, Outcome, Session
from dicom_io.errors import BadAddress, BadCertificate, CannotOpen, NetworkError, NotAccepted, NotDicom, NotLetIn
from dicom_io.network import Association, Patience, associate, object_file, store
from dicom_io.network.negotiate import Proposal
from workstation.nodes import NodesUnusable, find_node
from workstation.secrets import SecretsUnusable


class _StoreSession:
    def __init__(self, association: Association) -> None:
        self._association = association

    def send(self, item: Item) -> Outcome:
        try:
            answer = store(self._association, object_file(item.file))
        except (NotAccepted, NotDicom, CannotOpen) as error:
            return Outcome("refused", str(error))
        except NetworkError as error:
            raise NotNow(str(error)) from error
        if answer.ok:
            return Outcome("stored", answer.what)
        return Outcome("later" if answer.passing else "refused", answer.what)


class StoreSender:
    """Sends by C-STORE to the servers that this workplace knows, or to TITLE@HOST:PORT."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience

    @contextmanager
    def open(self, destination: str, items: Sequence[Item]) -> Iterator[Session]:
        """An association that takes these kinds of objects. Raises NotNow, NeverSo."""
        kinds = dict.fromkeys((item.sop_class, item.transfer_syntax) for item in items)
        try:
            node = find_node(destination)
            association = associate(node, [Proposal(kind, (syntax,)) for kind, syntax in kinds], self._patience)
        except (NodesUnusable, SecretsUnusable, BadAddress, BadCertificate, NotAccepted) as error:
            raise NeverSo(str(error)) from error
        except NotLetIn as error:
            raise (NotNow if error.passing else NeverSo)(str(error)) from error
        except NetworkError as error:
            raise NotNow(str(error)) from error
        with association:
            yield _StoreSession(association)
