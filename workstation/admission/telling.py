"""What was done in the window, told in the trail by a thread, and the trail sent to the collector where one is set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PyQt5.QtCore import QObject, QTimer

from archive import Archive
from dicom_io.errors import NetworkError
from workstation.network.collector import CollectorBusy, send_trail
from workstation.settings import CollectorSettings
from workstation.work import Work

_EVERY_MS: Final = 30_000


class Telling(QObject):
    """Nothing in the window waits for either."""

    def __init__(
        self, work: Work, archive_root: Path, say: Callable[[str], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work, self._root, self._say = work, archive_root, say
        self._count = 0
        self._said = ""
        self._collector: CollectorSettings | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.send)

    def tell(self, told: Callable[[], str]) -> None:
        """Tell the trail of something; `told` returns a sentence where it could not."""
        self._count += 1  # each is a topic of its own: none of them is stale when another comes
        self._work.ask(f"trail {self._count}", "", told, self._answered)

    def begin(self, collector: CollectorSettings | None) -> None:
        """Send from now on."""
        self._collector = collector
        if collector is not None:
            self._timer.start()
            self.send()

    def end(self) -> None:
        """Send no more; what waits, waits in the ledger."""
        self._timer.stop()

    def send(self) -> None:
        """Send what the collector has not taken. Trouble is said once."""
        collector, root = self._collector, self._root
        if collector is None or not root.is_dir():
            return

        def sent() -> str:
            try:
                with Archive(root, create=False) as kept:
                    send_trail(kept, collector)
            except CollectorBusy:
                return ""  # a service sends it
            except NetworkError as error:
                return str(error)
            return ""

        self._work.ask("trail collector", "", sent, self._sent)

    def _sent(self, trouble: str) -> None:
        if trouble and trouble != self._said:
            self._say(trouble)
        self._said = trouble

    def _answered(self, untold: str) -> None:
        if untold:
            self._say(untold)
