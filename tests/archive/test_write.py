"""The bytes that land in the file are the source's, whichever way the system copies them."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from acquisition.cine import FileRange
from archive import write
from dicom_io.encoded import EncodedObject


def big(folder: Path) -> tuple[EncodedObject, bytes]:
    """Parts of 20 MiB and more, at offsets that no page begins at; its content."""
    data = os.urandom(21 * 1024 * 1024 + 13)
    (folder / "one").write_bytes(b"ab" * 4001 + data)
    parts = (b"head", FileRange(folder / "one", 8002, len(data)), FileRange(folder / "one", 8005, 1), b"", b"end")
    return EncodedObject("1", "1", "1", "1", "1", 1, parts), b"head" + data + data[3:4] + b"end"


def refusing(number: int) -> object:
    def refuse(*args: object, **keywords: object) -> int:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("way", ["kernel", "EXDEV", "ENOSYS", "answers 0", "absent"])
@pytest.mark.parametrize("mapped", [True, False])
def test_every_way_of_copying_and_digesting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, mapped: bool
) -> None:
    obj, content = big(tmp_path)
    if way == "absent":
        monkeypatch.delattr(os, "copy_file_range", raising=False)
    elif way == "answers 0":
        monkeypatch.setattr(os, "copy_file_range", lambda *args, **keywords: 0, raising=False)
    elif way != "kernel":
        monkeypatch.setattr(os, "copy_file_range", refusing(getattr(errno, way)), raising=False)
    monkeypatch.setattr(write, "_CAN_POPULATE", mapped and write._CAN_POPULATE)
    target = tmp_path / "target"
    fd = os.open(target, os.O_RDWR | os.O_CREAT)
    write.copy_parts(obj, fd)
    os.close(fd)
    assert target.read_bytes() == content
    assert write.digest_parts(obj) == hashlib.sha256(content).hexdigest()


def test_a_kernel_that_cannot_populate_is_read_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    obj, content = big(tmp_path)
    monkeypatch.setattr(write, "_MADV_POPULATE_READ", 9999)
    assert write.digest_parts(obj) == hashlib.sha256(content).hexdigest()


def test_an_error_that_is_none_of_ours_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    obj, _ = big(tmp_path)
    monkeypatch.setattr(os, "copy_file_range", refusing(errno.EIO), raising=False)
    fd = os.open(tmp_path / "target", os.O_RDWR | os.O_CREAT)
    with pytest.raises(OSError, match="Input/output"):
        write.copy_parts(obj, fd)
    os.close(fd)
