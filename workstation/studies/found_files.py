"""DICOM files that lie in a folder, without an archive around them, their heads read once for all who ask.

Whose they are, which come twice, which are rejected. Digests and pixels are read where somebody asks for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.errors import NotStorable
from archive.header import Header
from archive.reading import Head, read_head

_EACH = 5  #: so many lost images are told one by one


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """`heads` are the files whose heads could be read, in the order in which they were given; `unread` the others."""

    heads: Mapping[Path, Head]
    unread: tuple[Path, ...] = ()

    @property
    def headers(self) -> Iterator[tuple[Path, Header]]:
        """What the index would hold of each."""
        return ((path, head.header) for path, head in self.heads.items())

    @property
    def rejected(self) -> frozenset[str]:
        """The objects that rejection notes among the files name."""
        return frozenset(uid for _, header in self.headers for uid in header.rejects)

    def of_class(self, sop_class_uid: str) -> list[Path]:
        """The files of one class that no note rejects."""
        rejected = self.rejected
        return [
            path
            for path, header in self.headers
            if header.sop_class_uid == sop_class_uid and header.sop_instance_uid not in rejected
        ]

    def told(self, patient_id: str, images: Iterable[str]) -> list[str]:
        """What is wrong with the files beside a record of `patient_id` (blank: nobody knows) that names `images`.

        One sentence for each file of another patient's, each object that comes twice, each lost image (many in one).
        """
        rejected = self.rejected
        sentences, first = [], dict[str, Path]()
        for path, header in self.headers:
            uid = header.sop_instance_uid
            if patient_id and header.patient_id != patient_id and uid not in rejected and not header.rejects:
                whose = "is of another patient than the record" if header.patient_id else "does not say whose it is"
                sentences.append(f"{path} {whose}: it is left out.")
            elif uid in first:
                same = _digest(path) == _digest(first[uid])
                how = "counted once" if same else "with other content, look at both"
                sentences.append(f"Object {uid} comes twice, in {first[uid]} and {path}: {how}.")
            else:
                first[uid] = path
        named = list(images)
        lost = [uid for uid in named if uid not in first]
        if len(lost) > _EACH:
            some = ", ".join(lost[:_EACH])
            return [*sentences, f"{len(lost)} of the {len(named)} images that the record names are not here: {some}…"]
        return sentences + [f"The image {uid} that the record names is not here." for uid in lost]


def found_files(paths: Iterable[Path]) -> FoundFiles:
    """The heads of the files of `paths`; those of other kinds, or too damaged to say what they are, are unread."""
    heads: dict[Path, Head] = {}
    unread: list[Path] = []
    for path in paths:
        try:
            heads[path] = read_head(path)
        except (NotStorable, OSError):
            unread.append(path)
    return FoundFiles(heads, tuple(unread))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
