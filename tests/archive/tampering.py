"""Every kind of change that somebody can make to an archive behind the program's back, made at random.

`CHANGES` are by name; each changes the archive in its folder. `INSIDE` are those that the archive itself shows; the others
leave an archive that is sound in itself, so that only a checkpoint kept outside can tell.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive import Archive, SignedCheckpoint, Verification
from archive.checkpoint import sign, verifier_key
from archive.ledger import NO_LINE
from tests.archive.objects import content, ultrasound
from workstation.proof import standalone

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()

Change = Callable[[Path, random.Random], None]


@dataclass(frozen=True, slots=True)
class Material:
    """An archive of three studies as it is, an older state of it, and the checkpoint of its newest state."""

    now: Path
    before: Path
    checkpoint: SignedCheckpoint


def make_material(folder: Path) -> Material:
    """Nine objects at first, twelve in the end."""
    now, before = folder / "now", folder / "before"
    with Archive(now) as archive:
        for k in range(12):
            if k == 9:
                shutil.copytree(now, before)
            archive.put(ultrasound(study=f"1.2.{k % 3}", seed=k, size=32))
        return Material(now, before, sign(archive.checkpoint(), KEY))


def objects(root: Path) -> list[Path]:
    return sorted((root / "studies").rglob("*.dcm"))


def _lines(root: Path) -> list[bytes]:
    return (root / "ledger.jsonl").read_bytes().splitlines(keepends=True)


def _write(root: Path, lines: list[bytes]) -> None:
    (root / "ledger.jsonl").write_bytes(b"".join(lines))


def _flip(path: Path, chance: random.Random, first: int, last: int) -> None:
    """One bit of the bytes [first, last)."""
    data = bytearray(path.read_bytes())
    data[chance.randrange(first, last)] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def pixel_bit(root: Path, chance: random.Random) -> None:
    path = chance.choice(objects(root))
    size = path.stat().st_size
    _flip(path, chance, size - 32 * 32, size)


def attribute_bit(root: Path, chance: random.Random) -> None:
    path = chance.choice(objects(root))
    _flip(path, chance, 132, path.stat().st_size - 32 * 32 - 12)


def preamble_bit(root: Path, chance: random.Random) -> None:
    _flip(chance.choice(objects(root)), chance, 0, 128)


def file_cut(root: Path, chance: random.Random) -> None:
    path = chance.choice(objects(root))
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def file_longer(root: Path, chance: random.Random) -> None:
    with chance.choice(objects(root)).open("ab") as file:
        file.write(chance.randbytes(chance.randrange(1, 50)))


def file_deleted(root: Path, chance: random.Random) -> None:
    chance.choice(objects(root)).unlink()


def file_added(root: Path, chance: random.Random) -> None:
    beside = chance.choice(objects(root))
    obj = ultrasound(seed=chance.randrange(1000, 9999), size=32)
    name = chance.choice([f"{obj.sop_instance_uid}.dcm", "notes.txt", beside.name + ".old"])
    beside.with_name(name).write_bytes(content(obj))


def files_swapped(root: Path, chance: random.Random) -> None:
    one, other = chance.sample(objects(root), 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def file_moved(root: Path, chance: random.Random) -> None:
    path = chance.choice(objects(root))
    to = chance.choice([one for one in objects(root) if one.parent != path.parent]).parent
    path.rename(to / path.name)


def other_version(root: Path, chance: random.Random) -> None:
    """A sound DICOM file of the same UIDs with other content: an older or a forged version."""
    path = chance.choice(objects(root))
    path.write_bytes(_forged(path, chance))


def _forged(path: Path, chance: random.Random) -> bytes:
    series, study = path.parent, path.parent.parent
    return content(
        ultrasound(study.name, series.name, path.stem, patient="P9", seed=chance.randrange(1000, 9999), size=32)
    )


def ledger_bit(root: Path, chance: random.Random) -> None:
    path = root / "ledger.jsonl"
    _flip(path, chance, 0, path.stat().st_size - len(_lines(root)[-1]))


def line_out(root: Path, chance: random.Random) -> None:
    lines = _lines(root)
    del lines[chance.randrange(len(lines) - 1)]
    _write(root, lines)


def ledger_cut(root: Path, chance: random.Random) -> None:
    path = root / "ledger.jsonl"
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def ledger_gone(root: Path, chance: random.Random) -> None:
    (root / "ledger.jsonl").unlink()


def lines_swapped(root: Path, chance: random.Random) -> None:
    lines = _lines(root)
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    _write(root, lines)


def line_twice(root: Path, chance: random.Random) -> None:
    lines = _lines(root)
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    _write(root, lines)


def digest_put_right(root: Path, chance: random.Random) -> None:
    """A file is forged, and its line (not the last) changed to fit; the lines after it are left."""
    lines = _lines(root)
    at = chance.randrange(len(lines) - 1)
    lines[at] = _line_of_forged(root, lines[at], chance)
    _write(root, lines)


def _line_of_forged(root: Path, raw: bytes, chance: random.Random) -> bytes:
    line = json.loads(raw)
    path = root / line["file"]
    path.write_bytes(_forged(path, chance))
    line["bytes"], line["sha256"] = path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
    return json.dumps(line).encode() + b"\n"


def entered_again(root: Path, chance: random.Random) -> None:
    """A file is forged, and a sound new line with its digest is appended."""
    lines = _lines(root)
    again = json.loads(_line_of_forged(root, chance.choice(lines), chance))
    _write(root, _chained([*lines, json.dumps(again).encode() + b"\n"]))


def _chained(lines: list[bytes]) -> list[bytes]:
    """The lines with numbers and chain made anew."""
    made, previous = [], NO_LINE
    for number, raw in enumerate(lines, start=1):
        line = json.dumps({**json.loads(raw), "n": number, "previous": previous}).encode()
        previous = hashlib.sha256(line).hexdigest()
        made.append(line + b"\n")
    return made


def rolled_back(root: Path, chance: random.Random) -> None:
    """The last objects and their lines are gone."""
    lines = _lines(root)
    keep = chance.randrange(1, len(lines))
    for raw in lines[keep:]:
        (root / json.loads(raw)["file"]).unlink()
    _write(root, lines[:keep])


def forked(root: Path, chance: random.Random) -> None:
    """Rolled back, and other objects stored in their place."""
    rolled_back(root, chance)
    (root / "index.sqlite").unlink(missing_ok=True)
    with Archive(root) as archive:
        for _ in range(chance.randrange(1, 15)):
            archive.put(ultrasound(seed=chance.randrange(1000, 9999), size=32))


def rebuilt(root: Path, chance: random.Random) -> None:
    """A file is forged, and the ledger made anew from there: its chain is sound."""
    lines = _lines(root)
    at = chance.randrange(len(lines))
    lines[at] = _line_of_forged(root, lines[at], chance)
    _write(root, _chained(lines))


def object_taken_out(root: Path, chance: random.Random) -> None:
    """An object is gone, and the ledger made anew without it."""
    lines = _lines(root)
    (root / json.loads(lines.pop(chance.randrange(len(lines))))["file"]).unlink()
    _write(root, _chained(lines))


def last_line_bit(root: Path, chance: random.Random) -> None:
    """A digit of the last line's time."""
    *lines, last = _lines(root)
    line = json.loads(last)
    line["time"] = line["time"][:-8] + f"{chance.randrange(100):02}" + line["time"][-6:]
    changed = json.dumps(line).encode() + b"\n"
    _write(root, [*lines, changed if changed != last else last.replace(b'"stored"', b'"imported"')])


INSIDE: dict[str, Change] = {
    "a bit of a pixel": pixel_bit,
    "a bit of an attribute": attribute_bit,
    "a bit of the preamble": preamble_bit,
    "a file cut": file_cut,
    "a file made longer": file_longer,
    "a file deleted": file_deleted,
    "a file added": file_added,
    "two files swapped": files_swapped,
    "a file moved to another series": file_moved,
    "another version of a file (older, forged)": other_version,
    "a bit of the ledger": ledger_bit,
    "a line taken out": line_out,
    "the ledger cut": ledger_cut,
    "the ledger gone": ledger_gone,
    "two lines swapped": lines_swapped,
    "a line there twice": line_twice,
    "a file forged, its line changed to fit": digest_put_right,
    "a file forged, a new line appended for it": entered_again,
}
OUTSIDE: dict[str, Change] = {
    "the last line's time changed": last_line_bit,
    "the newest objects and lines taken away (rolled back)": rolled_back,
    "rolled back, others stored instead (forked)": forked,
    "a file forged, the ledger made anew": rebuilt,
    "an object taken out, the ledger made anew": object_taken_out,
}
CHANGES = {**INSIDE, **OUTSIDE}


@dataclass(frozen=True, slots=True)
class Answers:
    """Whether each said that all is well: our verify and the stand-alone one, alone and with the checkpoint."""

    ours: bool
    ours_outside: bool
    theirs: bool
    theirs_outside: bool


@contextlib.contextmanager
def copied(material: Material, folder: Path) -> Iterator[Path]:
    """A copy of the archive to be changed."""
    root = folder / "changed"
    shutil.copytree(material.now, root)
    try:
        yield root
    finally:
        shutil.rmtree(root)


def ask(root: Path, material: Material) -> Answers:
    """All four answers on a changed archive. Its index goes first, since whoever changes an archive can delete that."""
    key = verifier_key(material.checkpoint.checkpoint.origin, PUBLIC)
    (root / "index.sqlite").unlink(missing_ok=True)
    public = standalone.read_key(key)
    whole = material.checkpoint.whole()
    theirs = theirs_outside = False
    if (root / "ledger.jsonl").exists():
        with redirect_stdout(io.StringIO()):
            theirs = not standalone.check_archive(root, None, None)[0]
            theirs_outside = not standalone.check_archive(root, public, whole)[0]
    with Archive(root) as archive:
        alone: Verification = archive.verify()
        outside = archive.verify(checkpoints=[material.checkpoint], keys=[PUBLIC])
    return Answers(alone.ok, outside.ok, theirs, theirs_outside)
