"""The ledger: chained, append-only, mended where a crash cut its last line."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from archive import Archive
from archive.chain import faults
from archive.ledger import NO_LINE, Entry, hold, lines
from tests.archive.objects import content, ultrasound


def entry(k: int) -> Entry:
    return Entry(f"1.{k}", f"studies/1/2/1.{k}.dcm", k, f"{k:064x}")


def fill(path: Path, count: int) -> None:
    for k in range(count):
        with hold(path) as held:
            held.append([entry(k)])


@pytest.mark.requirement("S20")
def test_a_line_says_what_was_stored_and_follows_from_the_line_before(tmp_path: Path) -> None:
    objects = [ultrasound(seed=k) for k in range(3)]
    with Archive(tmp_path) as archive:
        paths = [archive.put(o) for o in objects]
    previous = NO_LINE
    for n, (raw, obj, path) in enumerate(
        zip((tmp_path / "ledger.jsonl").read_bytes().splitlines(), objects, paths, strict=True), 1
    ):
        line = json.loads(raw)
        assert line.pop("time").endswith("+00:00")
        assert line == {
            "n": n,
            "act": "stored",
            "object": obj.sop_instance_uid,
            "file": path.relative_to(tmp_path).as_posix(),
            "bytes": obj.size,
            "sha256": hashlib.sha256(content(obj)).hexdigest(),
            "previous": previous,
        }
        previous = hashlib.sha256(raw).hexdigest()


def test_cut_anywhere_it_keeps_its_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "l"
    fill(path, 3)
    whole = path.read_bytes()
    ends = [i + 1 for i, b in enumerate(whole) if b == ord("\n")]
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        with hold(path) as held:
            kept = max([e for e in ends if e <= cut], default=0)
            assert (held.end, held.cut) == (kept, cut - kept)
            held.append([entry(9)])
        assert faults(path) == []
        assert [x.entry for x in lines(path)] == [
            *(entry(k) for k in range(ends.index(kept) + 1 if kept else 0)),
            entry(9),
        ]


def test_an_unfinished_line_is_told_until_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "l"
    fill(path, 2)
    with path.open("ab") as file:
        file.write(b'{"n": 3, "obj')
    assert faults(path) == ["the last line is unfinished"]
    assert len(list(lines(path))) == 2


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    """All but the last line's are: later lines hold them; the last one's digest is what the objects are checked with."""
    path = tmp_path / "l"
    fill(path, 3)
    whole = path.read_bytes()
    for at in range(whole.rindex(b"\n", 0, -1)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert faults(path), at


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"\xff\xfe",
        b'{"n": 3, "act": "stored"}',
        b'{"n": 3, "act": "stored", "object": "1.2", "file": "../../x/1.2.dcm", "bytes": 1, "sha256": "0"}',
        b'{"n": 3, "act": "stored", "object": "1.2", "file": "studies/1/2/1.3.dcm", "bytes": 1, "sha256": "0"}',
        b'{"n": 3, "act": "stored", "object": "1.2", "file": 7, "bytes": 1, "sha256": "0"}',
    ],
)
def test_a_line_that_is_none_is_told_and_the_next_object_is_still_stored(tmp_path: Path, line: bytes) -> None:
    with Archive(tmp_path) as archive:
        archive.put(ultrasound())
        archive.put(ultrasound())
    with (tmp_path / "ledger.jsonl").open("ab") as file:
        file.write(line + b"\n")
    with Archive(tmp_path) as archive:
        assert {p.kind for p in archive.verify().problems} == {"ledger"}
        archive.put(ultrasound())
        assert len(archive.studies()) == 3
        assert all(p.object == "ledger.jsonl" and "line 3" in p.what for p in archive.verify().problems)


def test_a_line_taken_out_is_told(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        for _ in range(3):
            archive.put(ultrasound())
    ledger = tmp_path / "ledger.jsonl"
    one, _, three = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(one + three)
    with Archive(tmp_path) as archive:
        assert {p.kind for p in archive.verify().problems} >= {"ledger", "unknown"}
