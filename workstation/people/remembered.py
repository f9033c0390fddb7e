"""Which archives had accounts, in the workplace's configuration: where they are missing later, nobody is let in.

`people-known.txt`: one ledger's origin a line. It is a help against a folder that was deleted, no more: it lies on the same
machine, and another workplace does not have it.
"""

from __future__ import annotations

from pathlib import Path

from annotation.autosave import write_durably
from archive.layout import Layout
from archive.proving import ledger_origin
from workstation.people.errors import AccountsUnusable
from workstation.settings import settings_path


def _path() -> Path:
    return settings_path().with_name("people-known.txt")


def had_accounts(archive_root: Path) -> bool:
    """Whether the archive in that folder had accounts when this workplace last changed them. Raises AccountsUnusable."""
    known = _read()
    return bool(known) and ledger_origin(Layout(archive_root)) in known


def remember(archive_root: Path, accounts: bool) -> None:
    """Keeps whether it has accounts now. Raises AccountsUnusable."""
    origin = ledger_origin(Layout(archive_root))
    known = [one for one in _read() if one != origin] + [origin] * accounts
    try:
        _path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably("".join(f"{one}\n" for one in known), _path(), mode=0o600)
    except OSError as error:
        raise AccountsUnusable(f"{_path()} cannot be written: {error.strerror}.") from error


def _read() -> list[str]:
    try:
        return _path().read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise AccountsUnusable(f"{_path()} cannot be read: mend or remove it.") from error
