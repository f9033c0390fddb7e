"""Recovery: whatever is cut or damaged, what comes back is right, and all that was whole comes back."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acquisition.cine import Clip, SpooledFrame
from acquisition.journal import RECORD_BYTES
from acquisition.limits import SpoolLimits
from acquisition.recovery import leftover_streams, recover
from acquisition.spool import SpoolWriter
from tests.acquisition.pictures import description, frame, jpeg

ROOT = Path(__file__).parents[2]
COUNT = 12
SMALL = [jpeg(n, 16, 16) for n in range(COUNT)]


@pytest.fixture(scope="module")
def spool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[SpooledFrame]]]:
    """A stream of three segments that was left behind."""
    root = tmp_path_factory.mktemp("spool")
    writer = SpoolWriter.create(root, description(width=16, height=16), SpoolLimits(segment_bytes=4 * len(SMALL[0])))
    for number in range(COUNT):
        writer.append(frame(number, SMALL[number]))
    frames = writer.frames
    writer.let_go()
    assert len({f.path for f in frames}) == 3
    yield root, frames
    shutil.rmtree(root)


def copy_of(root: Path, into: str) -> Path:
    return Path(shutil.copytree(root / "s1", Path(into) / "s1"))


def check_right(found: list[SpooledFrame], written: list[SpooledFrame]) -> None:
    """Each frame that came back is one that was written, with its bytes and its facts."""
    by_index = {f.index: f for f in written}
    assert [f.index for f in found] == sorted({f.index for f in found})
    for f in found:
        # The whole item, since saving copies header and pad byte too.
        header = b"\xfe\xff\x00\xe0" + f.stored_length.to_bytes(4, "little")
        item = f.path.read_bytes()[f.offset - 8 : f.offset + f.stored_length]
        assert item == header + SMALL[f.index] + b"\0" * (f.length % 2)
        before = by_index[f.index]
        assert (f.timestamp_ns, f.sequence, f.checksum, f.offset, f.corrupt) == (
            before.timestamp_ns, before.sequence, before.checksum, before.offset, before.corrupt,
        )  # fmt: skip


@pytest.mark.requirement("N4")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_cut_anywhere_an_exact_prefix_comes_back(spool: tuple[Path, list[SpooledFrame]], data: st.DataObject) -> None:
    root, written = spool
    with tempfile.TemporaryDirectory() as into:
        folder = copy_of(root, into)
        path = folder / data.draw(st.sampled_from(sorted(p.name for p in folder.iterdir() if p.stem.isdigit())))
        cut = data.draw(st.integers(0, path.stat().st_size))
        os.truncate(path, cut)
        recovered = recover(folder)
        check_right(recovered.frames, written)
        of_segment = [f for f in written if f.path.stem == path.stem]
        if path.suffix == ".items":
            whole = [f.index for f in of_segment if f.offset + f.stored_length <= cut]
        else:
            whole = [f.index for f in of_segment[: cut // RECORD_BYTES]]
        others = [f.index for f in written if f.path.stem != path.stem]
        assert sorted(whole + others) == [f.index for f in recovered.frames]
        if len(recovered.frames) < COUNT:
            assert recovered.dropped


@pytest.mark.requirement("N4")
def test_cut_at_each_byte_of_the_last_frame(spool: tuple[Path, list[SpooledFrame]], tmp_path: Path) -> None:
    root, written = spool
    folder = copy_of(root, str(tmp_path))
    for suffix, start in (("items", written[-1].offset - 8), ("journal", None)):
        path = folder / f"000002.{suffix}"
        whole = path.read_bytes()
        for cut in range(len(whole) - 1, (len(whole) - RECORD_BYTES if start is None else start) - 1, -1):
            os.truncate(path, cut)
            assert [f.index for f in recover(folder).frames] == list(range(COUNT - 1)), cut
        path.write_bytes(whole)
    assert len(recover(folder).frames) == COUNT


@pytest.mark.requirement("N4")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_flipped_bytes_never_make_a_wrong_frame(spool: tuple[Path, list[SpooledFrame]], data: st.DataObject) -> None:
    root, written = spool
    with tempfile.TemporaryDirectory() as into:
        folder = copy_of(root, into)
        files = sorted(p.name for p in folder.iterdir())
        for _ in range(data.draw(st.integers(1, 4))):
            path = folder / data.draw(st.sampled_from(files))
            content = bytearray(path.read_bytes())
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
            path.write_bytes(content)
        (left,) = leftover_streams(Path(into))
        check_right(left.frames, written)
        assert len(left.frames) >= COUNT - 4  # each flip costs one frame at most
        assert left.description is None or left.description.stream_id
        assert isinstance(left.gaps, tuple) and (left.read_intent() is None) and left.state is not None


def test_a_damaged_frame_in_the_middle_is_told_as_a_gap(spool: tuple[Path, list[SpooledFrame]], tmp_path: Path) -> None:
    root, written = spool
    folder = copy_of(root, str(tmp_path))
    path = folder / written[1].path.name
    content = bytearray(path.read_bytes())
    content[written[1].offset + 20] ^= 1
    path.write_bytes(content)
    (left,) = leftover_streams(tmp_path)
    assert [(g.kind, g.after_frame, g.missing) for g in left.gaps] == [("corrupt", 0, 1)]
    assert left.recovered.damaged == 1 and "does not fit its checksum" in left.recovered.dropped[0]
    assert left.description is not None
    clip = Clip(left.description, left.frames, left.gaps)
    assert len(clip.item_ranges()) == 4  # the damaged item is not among the bytes to be copied


def test_a_damaged_header_or_pad_byte_costs_its_frame(spool: tuple[Path, list[SpooledFrame]], tmp_path: Path) -> None:
    root, written = spool
    odd = next(f for f in written if f.length % 2)
    for at in (*range(odd.offset - 8, odd.offset), odd.offset + odd.length):
        folder = copy_of(root, str(tmp_path))
        path = folder / odd.path.name
        content = bytearray(path.read_bytes())
        content[at] ^= 4
        path.write_bytes(content)
        recovered = recover(folder)
        assert [f.index for f in recovered.frames] == [n for n in range(COUNT) if n != odd.index]
        assert "its item is damaged" in recovered.dropped[0]
        shutil.rmtree(folder)


@pytest.mark.parametrize("missing", ["stream.json", "state.json", "000001.items", "000001.journal", "000000.journal"])
def test_missing_and_empty_files(spool: tuple[Path, list[SpooledFrame]], tmp_path: Path, missing: str) -> None:
    root, written = spool
    folder = copy_of(root, str(tmp_path))
    for empty in (True, False):
        (folder / missing).write_bytes(b"") if empty else (folder / missing).unlink()
        (left,) = leftover_streams(tmp_path)
        gone = {f.index for f in written if f.path.stem == Path(missing).stem}
        assert {f.index for f in left.frames} == set(range(COUNT)) - gone
        assert (left.description is None) is (missing == "stream.json")


def test_foreign_files_are_left_alone(spool: tuple[Path, list[SpooledFrame]], tmp_path: Path) -> None:
    root, _ = spool
    folder = copy_of(root, str(tmp_path))
    (folder / "000000.items.bak").write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"x")
    (folder / "7.items").write_bytes(b"x")
    (folder / "000009.items").mkdir()
    (tmp_path / "readme").write_text("x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "picture.jpg").write_bytes(b"x")
    (left,) = leftover_streams(tmp_path)
    assert len(left.frames) == COUNT
    assert (tmp_path / "other" / "picture.jpg").exists() and (tmp_path / "readme").exists()
    left.discard()
    assert leftover_streams(tmp_path) == []


def test_what_cannot_be_read_is_told_from_what_is_not_there(
    spool: tuple[Path, list[SpooledFrame]], tmp_path: Path
) -> None:
    folder = copy_of(spool[0], str(tmp_path))
    assert (recover(folder).misfits, recover(folder).unreadable) == (0, 0)
    last = folder / "000002.journal"
    with last.open("ab") as file:
        file.write(last.read_bytes()[: RECORD_BYTES // 2])  # a torn end, which was never synced
    assert (recover(folder).misfits, recover(folder).unreadable) == (0, 0)
    last.write_bytes(bytes(last.stat().st_size))
    (folder / "000001.items").unlink()
    (folder / "000001.items").mkdir()
    found = recover(folder)
    assert (len(found.frames), found.misfits, found.unreadable) == (4, 4, 1)


def test_nothing_is_left_where_nothing_was(tmp_path: Path) -> None:
    assert leftover_streams(tmp_path / "never") == []
    assert leftover_streams(tmp_path) == []


def test_a_discard_that_was_broken_off_is_finished(spool: tuple[Path, list[SpooledFrame]], tmp_path: Path) -> None:
    root, _ = spool
    copy_of(root, str(tmp_path)).rename(tmp_path / "s1.gone")
    (tmp_path / "s1.lock").write_bytes(b"")
    assert leftover_streams(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


CHILD = """
import sys, time
from pathlib import Path
from acquisition.spool import SpoolWriter
from acquisition.limits import SpoolLimits
from tests.acquisition.pictures import description, frame
writer = SpoolWriter.create(Path(sys.argv[1]), description(), SpoolLimits(segment_bytes=100_000, sync_interval_s=0.02))
writer.pin()
number = told = 0
while True:
    writer.append(frame(number))
    number += 1
    if writer.synced_frames > told:
        told = writer.synced_frames
        print(told, flush=True)
    time.sleep(0.0005)
"""


@pytest.mark.requirement("N4")
def test_kill_at_a_random_moment_loses_nothing_that_was_synced(tmp_path: Path) -> None:
    """Ten rounds; a hundred are a campaign in benchmarks/."""
    moments = random.Random(7)
    for round_ in range(10):
        root = tmp_path / str(round_)
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(root)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "."},
        )
        assert child.stdout is not None
        child.stdout.readline()  # it runs
        assert leftover_streams(root) == []  # it has an owner
        time.sleep(moments.uniform(0, 0.15))
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split()
        child.stdout.close()
        child.wait()
        promised = max([1, *map(int, rest)])
        (left,) = leftover_streams(root)
        assert left.state.state == "open"
        assert len(left.frames) >= promised
        assert [f.index for f in left.frames] == list(range(len(left.frames)))
        assert left.description is not None
        clip = Clip(left.description, left.frames)
        for at in (0, len(left.frames) // 2, len(left.frames) - 1):
            assert clip.payload(at) == jpeg(at)
        left.discard()
        assert list(root.iterdir()) == []
