"""What commands have in common: the archive and the study that are meant, and how a time or a reason is told."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workstation.cli.terminal import Failure

if TYPE_CHECKING:
    from archive import Archive


def default_archive() -> Path:
    """Where studies go when nobody said: the user's data folder."""
    import platformdirs

    return Path(platformdirs.user_data_dir("sonofill", appauthor=False)) / "archive"


def add_archive_option(parser: Any, default: Path | None = None, remote: bool = False) -> None:
    """The option --archive; with `remote` a web address is welcome (`workstation.cli.remote`)."""
    told = str(default) if default else "the one in your data folder"
    parser.add_argument(
        "--archive",
        type=_archive_place,
        default=default,
        metavar="DIR|URL" if remote else "DIR",
        help=f"folder of the archive (default: {told})"
        + ("; or the DICOMweb of a server, https://…" if remote else ""),
    )


@dataclass(frozen=True, slots=True)
class WebPlace:
    """An archive that is told by its web address."""

    url: str


def _archive_place(text: str) -> Path | WebPlace:
    """A folder, or a web address (which a path would not keep: it has one slash where there are two)."""
    return WebPlace(text) if text.casefold().startswith(("https://", "http://")) else Path(text)


def archive_folder(arguments: argparse.Namespace) -> Path:
    """The folder that was named, absolute, or the default one.

    Raises Failure for a folder of program text, and for a web address: what writes, records or proves is on this machine.
    """
    if isinstance(arguments.archive, WebPlace):
        raise Failure(
            f"This works with an archive in a folder, not with {arguments.archive.url}: `sonofill retrieve` brings a study"
            " here.",
            status=2,
        )
    folder: Path = (arguments.archive or default_archive()).absolute()
    if (folder / "__init__.py").exists():
        raise Failure(f"{folder} holds a part of a program, not studies: choose another folder for the archive.")
    return folder


def outside_archive(out: Path, archive: Path) -> Path:
    """The place `out`, absolute. Raises Failure where it lies in the archive, which would then hold what it never stored."""
    if out.resolve().is_relative_to(archive.resolve()):
        raise Failure(f"{out} lies in the archive: name a place outside of it.")
    return out.absolute()


def not_among_objects(out: Path) -> Path:
    """The place `out`, absolute. Raises Failure where it lies in the folders that any archive keeps for itself."""
    for folder in out.absolute().resolve().parents:
        if folder.name in ("studies", "spool", "incoming") and (folder.parent / "ledger.jsonl").is_file():
            raise Failure(f"{out} lies among the archive's own files ({folder}): name a place outside of it.")
    return out.absolute()


def files_of(arguments: argparse.Namespace) -> tuple[list[Path], list[str]]:
    """The files that `source` names, a study of the archive or a folder; and what is wrong with those that are left out."""
    folder = Path(arguments.source).absolute()
    if arguments.source and folder.is_dir():
        return sorted(path for path in folder.rglob("*") if path.is_file()), []
    from archive import Archive

    with Archive(archive_folder(arguments), create=False) as kept:
        rows, wrong = kept.sound_objects(whole_uid(kept, arguments.source))
    return [row.file for row in rows], [problem.what for problem in wrong]


def whole_uid(kept: Archive, given: str) -> str:
    """The one study, hidden or not, that begins as given; `given` itself where none does. Raises Failure where several do.

    Also for an empty word: every UID begins with nothing, and a script whose variable is empty means no study.
    """
    if not given.strip():
        raise Failure("The study's UID is empty: `archive list` shows what there is.", 2)
    found = [row.study_instance_uid for row in kept.studies(hidden=True) if row.study_instance_uid.startswith(given)]
    if len(found) > 1 and given not in found:
        raise Failure(f"{len(found)} studies begin with {given}: write more of the UID.")
    return found[0] if len(found) == 1 else given


def moment(text: str) -> datetime:
    """A time on the command line: ISO 8601 with its offset."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write it like 2026-03-02T09:30:00+01:00") from error
    if told.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no offset: write it like 2026-03-02T09:30:00+01:00")
    return told


def day(text: str) -> date:
    """A day on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write it like 2026-03-02") from error


def one_line(text: str) -> str:
    """A text that says something, on one line."""
    told = " ".join(text.split())
    if not told:
        raise argparse.ArgumentTypeError("say something here")
    return told
