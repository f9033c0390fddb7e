"""Puts a pack together: copies, proofs, frames, the page, and last of all the signed list of every file's digest."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from annotation import Finding
from archive import Archive, SignedCheckpoint
from archive.checkpoint import sign_text, verifier_key
from audit import Judgement, Rubric, judge
from audit.equipment import Kind, read_log
from audit.portfolio import Counted, Entry, Requirement, counted
from dicom_io import DicomError, OpenedImage
from procedure import telling
from procedure.documents import image_name
from procedure.images import KeptImage
from workstation.proof import standalone
from workstation.proof.pack.contents import Encounter, Integrity, Moving
from workstation.proof.pack.page import page
from workstation.proof.pack.portfolio import portfolio_section
from workstation.report import NotPrintable, gather, printed
from workstation.report.gather import picture_of
from workstation.studies.auditing import material_of
from workstation.studies.encounters import NoOneEncounter

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(slots=True)
class Packed:
    """What is in a pack. `problems` are objects that are not what was stored; `notes` what is not in it, and why."""

    folder: Path
    objects: int = 0
    pictures: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counts: tuple[Counted, ...] = ()


def make_pack(
    archive: Archive,
    studies: Sequence[str],
    out: Path,
    rubric: Rubric,
    signed: SignedCheckpoint,
    key: Ed25519PrivateKey,
    requirement: Requirement,
    notes: Sequence[str] = (),
) -> Packed:
    """Makes the pack of these studies in folder `out`, which must not exist or be empty. `signed` is a checkpoint by `key`.

    `notes` are said on its page. Raises NotFound, ArchiveError, FileExistsError where the folder holds something, OSError.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"The folder {out} is not empty: name a new one for the pack.")
    for folder in ("dicom", "proofs", "media"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    packed = Packed(out, notes=list(notes))
    encounters = [_add_study(archive, study, packed, rubric, signed) for study in studies]
    public = verifier_key(signed.checkpoint.origin, key.public_key().public_bytes_raw())
    (out / "checkpoint.txt").write_text(signed.whole(), encoding="utf-8")
    (out / "public-key.txt").write_text(public + "\n", encoding="utf-8")
    shutil.copyfile(standalone.__file__, out / "verify.py")
    told = Integrity(signed.whole(), public, tuple(packed.problems), _equipment(archive, packed))
    packed.counts = counted(packed.entries, requirement)
    summary = portfolio_section(packed.entries, requirement, packed.counts)
    (out / "index.html").write_text(page(encounters, rubric, told, packed.notes, summary), encoding="utf-8")
    _sign_sums(out, signed.checkpoint.origin, key)
    return packed


def _equipment(archive: Archive, packed: Packed) -> tuple[str, ...]:
    """Puts the equipment log into the pack; returns what it says last of each probe's phantom check."""
    entries, unread = read_log(archive.equipment())
    packed.notes += [f"Of the equipment log: {sentence}" for sentence in unread]
    if not entries:
        return ()
    log = "".join(f"{entry.line()}\n" for entry in entries)
    (packed.folder / "equipment.txt").write_text(log, encoding="utf-8")
    last = {(one.probe, one.axis): one for one in sorted(entries, key=lambda one: one.at) if one.kind is Kind.PHANTOM}
    return tuple(one.line() for one in last.values()) or ("no phantom check is in it",)


def _add_study(archive: Archive, study: str, packed: Packed, rubric: Rubric, signed: SignedCheckpoint) -> Encounter:
    rows = archive.objects(study, hidden=True)
    copies = [_add_object(archive, row.file, row.sop_instance_uid, packed, signed) for row in rows]
    sound = [copy for copy in copies if copy is not None]
    try:
        material = material_of(sound)
        found = gather(sound)
    except NoOneEncounter as error:
        packed.notes.append(f"Study {study}: {error}")
        return Encounter(study, None, (), (), _moving(sound, {}, {}, packed))
    judgements: tuple[Judgement, ...] = judge(material, rubric)
    packed.entries.append(Entry(study, material.encounter, judgements))
    name = "record.pdf" if not (packed.folder / "record.pdf").exists() else f"record-{study}.pdf"
    try:
        (packed.folder / name).write_bytes(printed(found, "record").pdf)
    except NotPrintable as error:
        name = ""
        packed.notes.append(f"The record is not printed: {error}")
    labels = {uid: [f for f in found.sources.findings if f.image == uid] for uid in material.pictures or {}}
    shown = [picture.file for picture in (material.pictures or {}).values()]
    told = {image.image_uid: _caption(image) for image in material.encounter.images}
    return Encounter(study, found, judgements, material.unread, _moving(shown, labels, told, packed), name)


def _caption(image: KeptImage) -> str:
    """A picture in words, as the printed record has it: what it is, plane, landmark, time."""
    plane = f"{telling.word(image.plane)} plane" if image.plane is not None else ""
    placed = (image_name(image), plane, telling.landmark(image.landmark), telling.moment(image.at))
    return ", ".join(part for part in placed if part)


def _add_object(archive: Archive, file: Path, uid: str, packed: Packed, signed: SignedCheckpoint) -> Path | None:
    """Copies an object with its proof; None where it is not what was stored, which is told, but packed all the same."""
    (proof,) = archive.prove([uid], signed)
    (packed.folder / "proofs" / f"{uid}.tlog-proof").write_text(proof.text(), encoding="utf-8")
    copy = packed.folder / "dicom" / f"{uid}.dcm"
    packed.objects += 1
    try:
        shutil.copyfile(file, copy)
    except OSError as error:
        packed.problems.append(f"Object {uid} cannot be read ({error.strerror}): it is missing here.")
        return None
    with copy.open("rb") as stored:
        same = hashlib.file_digest(stored, "sha256").hexdigest() == json.loads(proof.line)["sha256"]
    if not same:
        packed.problems.append(f"Object {uid} is not what was stored: it is in the pack, and left out of this page.")
    return copy if same else None


def _moving(
    files: Sequence[Path], labels: Mapping[str, Sequence[Finding]], captions: Mapping[str, str], packed: Packed
) -> tuple[Moving, ...]:
    """Writes the frames of every picture; what has none is passed over."""
    made = []
    for file in files:
        try:
            with OpenedImage(file) as image:
                made.append(_frames(image, labels, captions, packed))
        except DicomError:
            continue  # a report, or a picture whose pixels nobody can read: `material` tells that
    return tuple(made)


def _frames(
    image: OpenedImage, labels: Mapping[str, Sequence[Finding]], captions: Mapping[str, str], packed: Packed
) -> Moving:
    uid = str(image.header.SOPInstanceUID)
    packed.pictures += 1
    folder = packed.folder / "media" / str(packed.pictures)
    folder.mkdir()
    names = []
    for frame in range(image.number_of_frames):
        picture = picture_of(uid, frame, image)
        ending = "jpg" if picture.data[:2] == b"\xff\xd8" else "png"
        (folder / f"{frame + 1}.{ending}").write_bytes(picture.data)
        names.append(f"media/{packed.pictures}/{frame + 1}.{ending}")
    return Moving(
        uid=uid,
        title=captions.get(uid) or str(image.header.get("SeriesDescription") or ""),
        width_px=int(image.header.Columns),
        height_px=int(image.header.Rows),
        frames=tuple(names),
        times_s=tuple(image.timestamps_s),
        timing=image.timing,
        labels=tuple(labels.get(uid, ())),
        scaled=bool(image.scales),
    )


def _sign_sums(out: Path, origin: str, key: Ed25519PrivateKey) -> None:
    lines = []
    for path in sorted(out.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            lines.append(f"{digest}  {path.relative_to(out).as_posix()}\n")
    (out / "SHA256SUMS").write_text(sign_text("".join(lines), origin, key), encoding="utf-8")
