"""Passphrases: in the system's keyring, or where a machine has none (no desktop) in a file of mode 0600 beside the settings.

Which of the two it is, is said to whoever keeps one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from annotation.autosave import write_durably
from workstation.settings import settings_path

_SERVICE: Final = "sonofill"


class SecretsUnusable(Exception):
    """The file of secrets cannot be read or written; the message is one sentence for the user."""


def secrets_path() -> Path:
    """The file that takes the keyring's place."""
    return settings_path().with_name("secrets.json")


def keep_secret(name: str, secret: str) -> str:
    """Keep a secret under a name; returns where it is, as a sentence. Raises SecretsUnusable."""
    import keyring
    from keyring.errors import KeyringError

    if _has_keyring():
        with suppress(KeyringError):  # locked, or nobody there to unlock it: the file, then
            keyring.set_password(_SERVICE, name, secret)
            return "The secret is in the system's keyring."
    _write({**_read(), name: secret})
    return f"This machine has no keyring: the secret is in {secrets_path()}, which you alone can read (mode 0600)."


def find_secret(name: str) -> str:
    """The secret of that name; empty where there is none. Raises SecretsUnusable."""
    import keyring
    from keyring.errors import KeyringError

    if _has_keyring():
        try:
            found = keyring.get_password(_SERVICE, name)
        except KeyringError:
            found = None
        if found is not None:
            return found
    return _read().get(name, "")


def forget_secret(name: str) -> None:
    """Remove it from wherever it is. Raises SecretsUnusable."""
    import keyring
    from keyring.errors import KeyringError

    if _has_keyring():
        with suppress(KeyringError):  # it was not there
            keyring.delete_password(_SERVICE, name)
    kept = _read()
    if name in kept:
        _write({key: value for key, value in kept.items() if key != name})


def _has_keyring() -> bool:
    import keyring

    return getattr(keyring.get_keyring(), "priority", 0) >= 1


def _read() -> dict[str, str]:
    path = secrets_path()
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SecretsUnusable(f"The file of secrets {path} cannot be read ({error}): mend it, or remove it.") from error
    if not isinstance(found, dict):
        raise SecretsUnusable(f"The file of secrets {path} is none: remove it, and tell the secrets again.")
    return {str(key): str(value) for key, value in found.items()}


def _write(secrets: dict[str, str]) -> None:
    path = secrets_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(json.dumps(secrets, indent=1), path, mode=0o600)
    except OSError as error:
        raise SecretsUnusable(f"The file of secrets {path} cannot be written: {error.strerror}.") from error
