"""The token of one's session at each archive, in the state folder of one's account of the operating system, mode 0600."""

from __future__ import annotations

import json
from pathlib import Path

from annotation.autosave import write_durably
from devices.memory import state_folder
from workstation.people.errors import AccountsUnusable


def _path() -> Path:
    return state_folder() / "sessions.json"


def token_of(archive_root: Path) -> str:
    """The token at that archive; empty where nobody signed in from here."""
    return _read().get(str(archive_root.resolve()), "")


def keep_token(archive_root: Path, token: str) -> None:
    """Keeps it; an empty one is forgotten. Raises AccountsUnusable."""
    kept = {**_read(), str(archive_root.resolve()): token}
    path = _path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(json.dumps({root: one for root, one in kept.items() if one}), path, mode=0o600)
    except OSError as error:
        raise AccountsUnusable(f"The session cannot be kept in {path}: {error.strerror}.") from error


def _read() -> dict[str, str]:
    try:
        found = json.loads(_path().read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise AccountsUnusable(f"{_path()} cannot be read: remove it, and sign in again.") from error
    return {str(root): str(token) for root, token in found.items()} if isinstance(found, dict) else {}
