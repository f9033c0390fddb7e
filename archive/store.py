"""The archive itself: put objects in, list them, find them, check them. docs/decisions/0005 tells the order of each step."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.catalogue import Catalogue
from archive.checkpoint import Checkpoint, Continuation, Inclusion, SignedCheckpoint
from archive.errors import ArchiveDenied, NotFound, from_os
from archive.holds import HELD, RELEASED, Hold, check_removable, holds_in
from archive.index import ObjectRow, StudyRow
from archive.layout import Layout, check_uid
from archive.ledger import EQUIPMENT, TOLD, HeldLedger, LedgerPlace, hold, told_lines
from archive.look import look_at_study
from archive.proving import continuation_from, ledger_origin, ledger_state, prove_continued, prove_object
from archive.scratch import scratch_folder
from archive.settle import settle_incoming
from archive.storing import Storing
from archive.verify import Problem, Progress, Verification, verify_archive

if TYPE_CHECKING:
    from dicom_io.encoded import EncodedObject
    from dicom_io.signatures.signing import Signer


class Archive:
    """One archive folder. Its methods may be called from any thread, and several programs may have it open at once.

    Opening brings it in order: what a crash interrupted is completed or removed, a missing or damaged index is made anew;
    `notes` tells what was done, one sentence each. Media that cannot be written can be listed and verified (`read_only`).
    """

    def __init__(
        self,
        root: Path | str,
        create: bool = True,
        signer: Signer | None = None,
    ) -> None:
        """Opens the archive in folder `root`; makes it where there is none and `create` says so.

        `signer` puts digital signatures into objects before they are stored; what was made elsewhere is stored as it is.

        Raises NotFound (there is none, and `create` is False), ArchiveDenied, ArchiveFull.
        """
        self._layout = Layout(Path(root))
        self.read_only = False
        self._signer = signer
        there = self._layout.studies.is_dir()
        if not there and not create:
            raise NotFound(
                f"There is no archive in {self._layout.root}: name the folder of one, or record into it first."
            )
        try:
            self._layout.prepare()
            self._catalogue = Catalogue(self._layout)
            with self._catalogue.lock, hold(self._layout.ledger) as held:
                if held.cut:
                    self._catalogue.notes.append(
                        "The ledger's unfinished last line, of an interrupted save, was removed."
                    )
                self._catalogue.open()
                self._catalogue.notes += settle_incoming(self._layout, self._catalogue.index)
        except ArchiveDenied:
            if not (there and os.access(self._layout.studies, os.R_OK | os.X_OK)):
                raise
            self.read_only = True
            self._catalogue = Catalogue(self._layout, read_only=True)
            self._catalogue.open()

    @property
    def root(self) -> Path:
        """The archive's folder, absolute."""
        return self._layout.root

    @property
    def notes(self) -> list[str]:
        """What was mended, at opening and since: one sentence each."""
        return list(self._catalogue.notes)

    def add_note(self, sentence: str) -> None:
        """Adds to what is told of the archive."""
        self._catalogue.notes.append(sentence)

    @property
    def spool_root(self) -> Path:
        """Where recordings of this archive are kept until they are saved."""
        return self._layout.spool

    def close(self) -> None:
        """Lets go of the index. The archive may not be used after that."""
        self._catalogue.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder on the archive's disk for what an encoder makes on the way; gone at the end. Raises ArchiveDenied."""
        try:
            with scratch_folder(self._layout.scratch) as folder:
                yield folder
        except OSError as e:
            raise from_os(e, self._layout.scratch, "write") from e

    # Reading ---------------------------------------------------------------------------------------------------------

    def studies(
        self, limit: int | None = None, patient_id: str | None = None, *, hidden: bool = False
    ) -> list[StudyRow]:
        """The studies, newest first: all, or the newest `limit`; of all patients or of one.

        A study of which every object was rejected is left out unless `hidden` asks for those too.
        """
        return self._catalogue.ask(lambda index: index.studies(limit, patient_id, hidden))

    def objects(self, study_instance_uid: str, *, hidden: bool = False) -> list[ObjectRow]:
        """A study's objects in order; `file` is the absolute path. With `hidden`, those too that a rejection note hides.

        Raises NotFound where there is none.
        """
        rows = self._catalogue.ask(lambda index: index.objects(study_instance_uid, hidden))
        if not rows and not hidden and self.holds(study_instance_uid):
            raise NotFound(
                f"Every object of study {study_instance_uid} was rejected and is hidden: `archive show --all` shows them."
            )
        if not rows:
            raise NotFound(
                f"There is no study {study_instance_uid} in {self.root}: `archive list` shows what there is."
            )
        return rows

    def for_others(self, study_instance_uid: str) -> list[ObjectRow]:
        """What another archive is to have of a study: what is shown, and the rejection notes, so that it hides the rest too.

        Raises NotFound.
        """
        rows = self.objects(study_instance_uid, hidden=True)
        return [row for row in rows if row.hidden_by in ("", row.sop_instance_uid)]

    def holds(self, study_instance_uid: str) -> bool:
        """Whether any object of the study is stored."""
        return self._catalogue.ask(lambda index: index.has_study(study_instance_uid))

    def path_of(self, sop_instance_uid: str) -> Path:
        """The file of an object. Raises NotFound."""
        path = self._catalogue.ask(lambda index: index.path_of(sop_instance_uid))
        if path is None:
            raise NotFound(f"There is no object {sop_instance_uid} in {self.root}: `archive list` shows what there is.")
        return path

    def has(self, sop_instance_uid: str) -> bool:
        """Whether the object is stored."""
        return self._catalogue.ask(lambda index: index.path_of(sop_instance_uid)) is not None

    def digest_of(self, study_instance_uid: str) -> str:
        """A digest of what the ledger says of a study's objects, and of which are hidden; reads none of them."""
        told = self._catalogue.ask(lambda index: index.told_of_study(study_instance_uid))
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def sha256_of(self, sop_instance_uid: str) -> str | None:
        """The SHA-256 in the ledger of an object's file, hexadecimal; None where it is not stored."""
        entry = self._catalogue.ask(lambda index: index.entry_of(sop_instance_uid))
        return entry.sha256 if entry else None

    def look(self, study_instance_uid: str) -> list[Problem]:
        """What is wrong with a study's files, as far as a quick look tells: lost, cut, another's, not stored here."""
        patient_id, entries = self._catalogue.ask(
            lambda index: (index.patient_of(study_instance_uid), index.entries_of_study(study_instance_uid))
        )
        return look_at_study(self._layout, study_instance_uid, patient_id, entries)

    def sound_objects(self, study_instance_uid: str) -> tuple[list[ObjectRow], list[Problem]]:
        """The study's objects without those of which a quick look finds that they are not what was stored; and what it finds.

        Raises NotFound.
        """
        rows, wrong = self.objects(study_instance_uid), self.look(study_instance_uid)
        doubtful = {problem.object for problem in wrong}
        return [row for row in rows if row.sop_instance_uid not in doubtful], wrong

    def is_hidden(self, sop_instance_uid: str) -> bool:
        """Whether a rejection note hides the object (or it is one)."""
        return self._catalogue.ask(lambda index: index.is_hidden(sop_instance_uid))

    def verify(
        self,
        progress: Progress | None = None,
        checkpoints: Sequence[SignedCheckpoint] = (),
        keys: Sequence[bytes] = (),
        *,
        own: SignedCheckpoint | None = None,
    ) -> Verification:
        """Reads every stored byte and compares it with the ledger, and the ledger with checkpoints; changes nothing.

        `progress` is called with bytes done and bytes in all, from the threads that read. `checkpoints` were kept outside,
        `keys` are the Ed25519 public keys (32 bytes) that may have signed them, `own` one that the same workplace kept.
        """
        self._catalogue.refresh()
        return verify_archive(self._layout, self._catalogue, progress, checkpoints, keys, own)

    # Proof -----------------------------------------------------------------------------------------------------------

    def origin(self) -> str:
        """The name of the ledger, which follows from its first line; empty where it has none."""
        return ledger_origin(self._layout)

    def checkpoint(self) -> Checkpoint:
        """The state of the ledger now, to be signed. Raises NotFound where nothing is stored yet."""
        return self._catalogue.ask(lambda index: ledger_state(self._layout, index))

    def prove(self, sop_instance_uids: Sequence[str], checkpoint: SignedCheckpoint) -> list[Inclusion]:
        """For each object the proof that its line is in the ledger that `checkpoint` tells of.

        Raises NotFound where one is not stored or came after the checkpoint; ArchiveError where the ledger was changed.
        """
        return self._catalogue.ask(
            lambda index: [prove_object(self._layout, index, uid, checkpoint) for uid in sop_instance_uids]
        )

    def prove_continued(self, old: Checkpoint, checkpoint: SignedCheckpoint) -> Continuation:
        """The proof that the ledger of `checkpoint` begins with that of `old`. Raises ArchiveError where it does not."""
        return self._catalogue.ask(lambda index: prove_continued(index, old, checkpoint))

    def continuation_from(self, size: int, checkpoint: SignedCheckpoint) -> Continuation:
        """The same for who saw the first `size` lines and knows what they were, a witness. Raises ArchiveError."""
        return self._catalogue.ask(lambda index: continuation_from(index, size, checkpoint))

    # Writing ---------------------------------------------------------------------------------------------------------

    def tell(self, message: str) -> None:
        """Adds a message of the audit trail to the ledger, durably. Raises ArchiveDenied, ArchiveFull."""
        with self._ledger_to_write("trail") as held:
            held.append_message(message)

    def enter_equipment(self, entry: str) -> None:
        """Adds an entry of the equipment log (a JSON text) to the ledger, durably. Raises ArchiveDenied, ArchiveFull."""
        with self._ledger_to_write("equipment log") as held:
            held.append_equipment(json.loads(entry))

    @contextmanager
    def _ledger_to_write(self, what: str) -> Iterator[HeldLedger]:
        if self.read_only:
            raise ArchiveDenied(f"The archive in {self.root} cannot be written: its {what} cannot be kept.")
        try:
            with hold(self._layout.ledger) as held:
                yield held
        except OSError as e:
            raise from_os(e, self._layout.ledger, "write") from e

    def equipment(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The entries of the equipment log, each with the number of its line in the ledger, in their order."""
        for line, values in told_lines(self._layout.ledger, (EQUIPMENT,), LedgerPlace()):
            if isinstance(values.get("entry"), dict):
                yield line.line, values["entry"]

    def under_hold(self) -> dict[str, Hold]:
        """The studies under legal hold, by Study Instance UID."""
        return holds_in(self._layout.ledger)

    def hold(self, study_instance_uid: str, by: str, reason: str) -> Hold:
        """Puts a study under hold, durably: from now on nothing of it is removed. One that is held stays as it is.

        It need not be stored: what a crash left in the spool belongs to a study too. Raises NotStorable where this is no
        UID, ArchiveDenied, ArchiveFull.
        """
        uid = check_uid(study_instance_uid)
        self._tell_hold(HELD, uid, by, reason, held=False)
        return self.under_hold()[uid]

    def release(self, study_instance_uid: str, by: str, reason: str) -> None:
        """Ends a study's hold. Raises NotFound where there is none, ArchiveDenied, ArchiveFull."""
        if not self._tell_hold(RELEASED, study_instance_uid, by, reason, held=True):
            raise NotFound(f"Study {study_instance_uid} is under no hold: `archive retention` lists those that are.")

    def check_removable(self, study_instance_uid: str) -> None:
        """For whoever is about to remove something. Raises UnderHold."""
        check_removable(self._layout.ledger, study_instance_uid)

    def _tell_hold(self, act: str, uid: str, by: str, reason: str, *, held: bool) -> bool:
        """Writes the line where the study's hold is as `held` says; whether it did."""
        if self.read_only:
            raise ArchiveDenied(f"The archive in {self.root} cannot be written: a hold cannot be told there.")
        try:
            with hold(self._layout.ledger) as ledger:
                if (uid in self.under_hold()) is not held:
                    return False
                ledger.append_hold(act, uid, by, reason)
                return True
        except OSError as e:
            raise from_os(e, self._layout.ledger, "write") from e

    def told(self) -> Iterator[tuple[int, str]]:
        """The messages of the audit trail, each with the number of its line in the ledger, in their order."""
        for place, message in self.told_since(LedgerPlace()):
            yield place.line, message

    def told_since(self, since: LedgerPlace) -> Iterator[tuple[LedgerPlace, str]]:
        """As `told` for what stands behind a place that this gave before; each with its own."""
        for place, values in told_lines(self._layout.ledger, (TOLD,), since):
            if isinstance(values.get("message"), str):
                yield place, values["message"]

    def reindex(self) -> list[str]:
        """Makes the index anew from the files. Returns files below studies/ that are no objects of this archive."""
        return self._catalogue.reindex()

    def put(self, obj: EncodedObject, *, imported: bool = False) -> Path:
        """Stores an object durably: when this returns, a power cut cannot take it away. Returns its file.

        `imported` says that it was made elsewhere; the ledger tells.

        Putting the same bytes again is no error (and brings a lost file back). Raises AlreadyStored, ArchiveFull,
        ArchiveDenied, NotStorable; what was stored before is untouched whatever happens.
        """
        return self.put_all([obj], imported=imported)[0]

    def put_all(self, objects: Sequence[EncodedObject], *, imported: bool = False) -> list[Path]:
        """As `put` for several objects, which wait for the disk together: for many small ones. Returns their files.

        They are stored in their order. Where it raises, or the program dies, the first few may be stored and the rest not.
        """
        if self.read_only:
            raise ArchiveDenied(f"The archive in {self.root} cannot be written: choose another folder to save into.")
        if self._signer is not None and not imported:
            objects = [self._signed(obj, self._signer) for obj in objects]
        return Storing(self._layout, self._catalogue, "imported" if imported else "stored").store(objects)

    def _signed(self, obj: EncodedObject, signer: Signer) -> EncodedObject:
        """The object with its signatures; one that is stored but for them as it is stored: putting it again is no error."""
        if not self.has(obj.sop_instance_uid):
            return signer.sign(obj)
        return signer.as_stored(obj, self.path_of(obj.sop_instance_uid))
