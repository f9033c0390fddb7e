"""The bytes that land in the file are the source's, and the digest is theirs."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from acquisition.cine import FileRange
from archive import NotStorable, SourceHarmed, write
from dicom_io.encoded import EncodedObject


def big(folder: Path) -> tuple[EncodedObject, bytes]:
    """Parts larger than all buffers together, at offsets that no page begins at; its content."""
    data = os.urandom(write.PIECE_BYTES * (write.PIECES + 5) + 13)
    (folder / "one").write_bytes(b"ab" * 4001 + data)
    parts = (b"head", FileRange(folder / "one", 8002, len(data)), FileRange(folder / "one", 8005, 1), b"", b"end")
    return EncodedObject("1", "1", "1", "1", "1", 1, parts), b"head" + data + data[3:4] + b"end"


def test_every_byte_is_written_and_digested(tmp_path: Path) -> None:
    obj, content = big(tmp_path)
    target = tmp_path / "target"
    fd = os.open(target, os.O_RDWR | os.O_CREAT)
    digest = write.write_parts(obj, fd)
    os.close(fd)
    assert target.read_bytes() == content
    assert digest == write.digest_parts(obj) == hashlib.sha256(content).hexdigest()


def test_short_writes_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system may take fewer bytes than it was given."""
    obj, content = big(tmp_path)
    take = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: take(fd, data[:300_001]))
    fd = os.open(tmp_path / "target", os.O_RDWR | os.O_CREAT)
    assert write.write_parts(obj, fd) == hashlib.sha256(content).hexdigest()
    os.close(fd)
    assert (tmp_path / "target").read_bytes() == content


@pytest.mark.parametrize("harm", ["short", "gone"])
def test_a_failure_leaves_no_thread_behind(tmp_path: Path, harm: str) -> None:
    obj, _ = big(tmp_path)
    if harm == "short":
        os.truncate(tmp_path / "one", write.PIECE_BYTES * write.PIECES)
    else:
        (tmp_path / "one").unlink()
    before = threading.active_count()
    fd = os.open(tmp_path / "target", os.O_RDWR | os.O_CREAT)
    with pytest.raises(NotStorable):
        write.write_parts(obj, fd)
    os.close(fd)
    assert threading.active_count() == before


def test_a_small_object_is_written_as_a_large_one_is(tmp_path: Path) -> None:
    """A still is read from the recording too, so its frame is held against its checksum as a clip's are."""
    (tmp_path / "one").write_bytes(b"recorded")

    class Checked(FileRange):
        __slots__ = ()

        def check(self) -> Callable[[memoryview], str]:
            return lambda piece: "" if bytes(piece) == b"recorded" else "Picture 1 is not what was recorded."

    obj = EncodedObject("1", "1", "1", "1", "1", 1, (b"head", Checked(tmp_path / "one", 0, 8), b"", b"end"))
    assert write.is_small(obj)
    fd = os.open(tmp_path / "target", os.O_RDWR | os.O_CREAT)
    assert write.write_small(obj, fd) == hashlib.sha256(b"headrecordedend").hexdigest() == write.digest_parts(obj)
    os.close(fd)
    assert (tmp_path / "target").read_bytes() == b"headrecordedend"
    (tmp_path / "one").write_bytes(b"recoraed")
    with pytest.raises(SourceHarmed, match="not what was recorded"):
        write.write_small(obj, -1)
