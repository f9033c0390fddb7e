"""Copies of studies that tell of nobody, in an archive of their own for as long as a pack is made of them."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive import Archive, SignedCheckpoint
from archive.checkpoint import sign
from dicom_io.deidentify import PROFILES, Cleaner, Pseudonyms, key_in
from workstation.settings import settings_path
from workstation.studies.deidentifying import deidentify_files
from workstation.studies.importing import import_files

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_OWN_LEDGER = (
    "These are de-identified copies: other identifiers, no dates, text on the pictures covered. The ledger below was made "
    "with this pack. It shows that nothing of the pack was changed since, and not that the copies say what the originals "
    "say: for that the clinic compares with its own archive, by the key of the pseudonyms, which is not here."
)


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies' archive and studies, its signed ledger, what is said of them on the pack's page, and where a new key is."""

    archive: Archive
    studies: tuple[str, ...]
    signed: SignedCheckpoint
    notes: tuple[str, ...]
    new_key: Path | None = None

    @property
    def told(self) -> tuple[Archive, tuple[str, ...]]:
        """The archive and its studies."""
        return self.archive, self.studies


@contextmanager
def deidentified_copies(
    archive: Archive, studies: Sequence[str], out: Path, key: Ed25519PrivateKey
) -> Iterator[Copies]:
    """The copies of `studies` in a folder beside `out`, which is gone afterwards. Slow: the text on each picture is read.

    An object that is not what was stored, or cannot be cleaned, is left out, with a note. Raises NotFound, ArchiveError,
    OSError.
    """
    key_path = settings_path().with_name("pseudonyms.key")
    pseudonyms, is_new = key_in(key_path)
    cleaner = Cleaner(Pseudonyms(pseudonyms), PROFILES["basic"])
    notes = [_OWN_LEDGER]
    made: list[str] = []
    beside = out.absolute().parent
    beside.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".unfinished-", dir=beside) as folder,
        Archive(Path(folder) / "archive") as copies,
    ):
        for number, study in enumerate(studies, 1):
            clean = Path(folder) / f"clean-{number}"
            clean.mkdir()
            rows, wrong = archive.sound_objects(study)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # pydicom repeats odd values, which may be names
                done = deidentify_files([row.file for row in rows], clean, cleaner)
            made += [taken.study_instance_uid for taken in import_files(copies, [clean]).files]
            notes += [f"Encounter {number}: an object was left out. {one.why}" for one in done.left_out]
            if wrong:
                doubtful = len({problem.object for problem in wrong})
                notes.append(f"Encounter {number}: {doubtful} objects are not what was stored, and are left out.")
        signed = sign(copies.checkpoint(), key)
        told = tuple(dict.fromkeys(notes))
        yield Copies(copies, tuple(dict.fromkeys(made)), signed, told, key_path if is_new else None)
