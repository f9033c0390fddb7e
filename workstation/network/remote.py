"""A DICOMweb server asked as an archive is: its studies listed, one opened, all of it verified. No Qt.

A study is opened as an archive in a folder for a while (mode 0700, gone afterwards), so that whatever reads a local study
reads a distant one: which objects are hidden, which labels hold, what is damaged. One study is on the disk at a time.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive import AlreadyStored, Archive, NotStorable, Problem, StudyRow, Verification
from archive.reading import as_object, read_header
from dicom_io.errors import NotDicom
from dicom_io.network import Patience, object_file
from dicom_io.web import WebConnection, WebServer, bring_study, objects_of, studies_of

Told = Callable[[int, int], None]  #: objects done, objects in all


@dataclass(slots=True)
class BroughtByWeb:
    """What came of a study: objects that were stored here, and a sentence for each that could not be."""

    kept: int = 0
    wrong: list[str] = field(default_factory=list)


class RemoteArchive:
    """The archive behind a server. Raises NetworkError's kinds throughout."""

    def __init__(self, server: WebServer, patience: Patience | None = None) -> None:
        self.server, self._patience = server, patience

    def studies(self, limit: int | None = None, patient_id: str = "") -> list[StudyRow]:
        """Its studies, newest first. A server does not tell phases, nor what a rejection note hides."""
        with self._connection() as connection:
            found, _ = studies_of(connection, patient_id=patient_id, limit=limit)
        return [
            StudyRow(one.there.study_instance_uid, one.there.patient_id, one.there.date, "", one.objects or 0)
            for one in found
        ]

    def whole_uid(self, given: str) -> list[str]:
        """The Study Instance UIDs that begin as given."""
        return [row.study_instance_uid for row in self.studies() if row.study_instance_uid.startswith(given)]

    @contextmanager
    def study(self, study_instance_uid: str) -> Iterator[tuple[Archive, BroughtByWeb]]:
        """A study as an archive of its own, for as long as the `with` lasts."""
        with tempfile.TemporaryDirectory(prefix="sonofill-remote-") as folder, Archive(Path(folder) / "study") as kept:
            yield kept, self.bring(kept, study_instance_uid)

    def bring(self, archive: Archive, study_instance_uid: str) -> BroughtByWeb:
        """Every object of a study into `archive`, as the bytes that came. Raises ArchiveError's kinds too."""
        brought = BroughtByWeb()
        with archive.scratch() as folder, self._connection() as connection:
            for path in bring_study(connection, study_instance_uid, folder):
                try:
                    header = read_header(path)
                    if header.study_instance_uid != study_instance_uid:
                        raise NotStorable(f"The server sent an object of study {header.study_instance_uid[:64]!r} too.")
                    archive.put(as_object(path, header), imported=True)
                    brought.kept += 1
                except (NotStorable, AlreadyStored) as error:
                    brought.wrong.append(str(error).replace(path.name, "An object"))
                path.unlink()
        return brought

    def verify(self, local: Archive | None = None, told: Told | None = None) -> Verification:
        """Brings every object and looks at it: that it comes whole, can be read, is who the server says.

        With `local`, its bytes are compared with that archive's ledger, and objects that are there and not on the server
        are told, for studies that the server has. Nothing is kept.
        """
        with self._connection() as connection:
            studies, broken = studies_of(connection)
            total = sum(one.objects or 0 for one in studies)
            check = _Check(local, lambda: told and told(check.objects, max(total, check.objects)))
            if broken:
                check.wrong("unreadable", self.server.address, f"{broken} rows of its list of studies name no study.")
            for one in studies:
                uid = one.there.study_instance_uid
                with tempfile.TemporaryDirectory(prefix="sonofill-remote-") as folder:
                    for path in bring_study(connection, uid, Path(folder)):
                        check.take(path, uid)
                        path.unlink()
                check.end_of(uid, objects_of(connection, uid))
        return check.result()

    @contextmanager
    def _connection(self) -> Iterator[WebConnection]:
        with WebConnection(self.server, self._patience) as connection:
            yield connection


class _Check:
    """A verification on the way."""

    def __init__(self, local: Archive | None, told: Callable[[], object]) -> None:
        self._local, self._told = local, told
        self._problems: list[Problem] = []
        self._came: set[str] = set()
        self.objects = self._bytes = self._unknown = self._other_head = 0

    def wrong(self, kind: str, what: str, sentence: str) -> None:
        self._problems.append(Problem(kind, what, sentence))  # type: ignore[arg-type]  # one of its kinds

    def take(self, path: Path, study: str) -> None:
        """One object that came."""
        self.objects += 1
        self._bytes += path.stat().st_size
        self._told()
        try:
            header = read_header(path)
        except NotStorable as error:
            self.wrong("unreadable", study, str(error).replace(path.name, "An object of this study"))
            return
        uid = header.sop_instance_uid
        if header.study_instance_uid != study or uid in self._came:
            why = "comes twice" if uid in self._came else f"is of study {header.study_instance_uid}, not of {study}"
            self.wrong("identity", uid, f"Object {uid} {why}.")
        self._came.add(uid)
        known = self._local.sha256_of(uid) if self._local else None
        if known is None:
            self._unknown += 1
        elif known != _sha256(path):
            self._differs(uid, known, path)

    def _differs(self, uid: str, known: str, path: Path) -> None:
        """C-STORE carries the data set alone: a server writes meta information of its own before it. That is no change."""
        assert self._local is not None
        own = self._local.path_of(uid)
        try:
            same = _sha256(own) == known and _sha256(own, object_file(own).offset) == _sha256(
                path, object_file(path).offset
            )
        except (OSError, NotDicom):
            same = False
        if same:
            self._other_head += 1
        else:
            self.wrong("changed", uid, f"Object {uid} has other bytes than it was stored with here.")

    def end_of(self, study: str, listed: list[str]) -> None:
        """All of a study came."""
        lost = dict.fromkeys(uid for uid in listed if uid not in self._came)
        for uid in lost:
            self.wrong("missing", uid, f"Object {uid} is in the server's list of study {study} and does not come.")
        if self._local is not None and self._local.holds(study):
            for row in self._local.for_others(study):
                if row.sop_instance_uid not in self._came and row.sop_instance_uid not in lost:
                    what = f"Object {row.sop_instance_uid} of study {study} is stored here and not on the server."
                    self.wrong("missing", row.sop_instance_uid, what)
        self._came.clear()

    def result(self) -> Verification:
        notes = []
        if self._other_head:
            notes.append(
                f"{self._other_head} objects have file meta information of the server's own, as those have that came by"
                " C-STORE; their data sets are, byte for byte, those that are stored here."
            )
        if self._unknown:
            notes.append(
                f"{self._unknown} of {self.objects} objects stand in no ledger here: that they came whole and can be read"
                " was checked, whether they were changed since they were made is not known."
            )
        return Verification(tuple(self._problems), self.objects, self._bytes, tuple(notes))


def _sha256(path: Path, offset: int = 0) -> str:
    """Of a file from `offset` on."""
    with path.open("rb") as file:
        file.seek(offset)
        return hashlib.file_digest(file, "sha256").hexdigest()
