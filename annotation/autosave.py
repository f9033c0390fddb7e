"""Keeps the document in a file after each change, so that a crash costs one action at most.

The file is replaced as a whole: a reader finds the old document or the new one, never a torn one.
"""

from __future__ import annotations

import os
from pathlib import Path

from annotation.document import Document, DocumentUnreadable


def save(document: Document, path: Path) -> None:
    """Write the document to `path`, as `write_durably` does."""
    write_durably(document.to_json(), path)


def write_durably(text: str, path: Path, mode: int = 0o666) -> None:
    """Replace `path` by `text`: temporary file, fsync, rename, fsync of the folder. OSError where it cannot be.

    The file is made with `mode`, less what the system's mask takes away: a secret is never there for others.

    When this returns the text survives a power cut; when it raises, what was there before is untouched.
    """
    beside = path.with_name(f"{path.name}.part")
    try:
        made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(made, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # Windows has no fsync for folders, and keeps the name with the file
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def load(path: Path) -> Document:
    """The document in `path`; an empty one where there is no file. DocumentUnreadable names the file where it is damaged."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return Document()
    try:
        return Document.from_json(text)
    except DocumentUnreadable as error:
        raise DocumentUnreadable(f"{path}: {error}") from error
