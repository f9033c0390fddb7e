"""A campaign: the power fails at random moments of recording and saving on ext4; what the next start finds.

    python -m benchmarks.power_cut_campaign [--rounds 20] [--studies 4] [--seconds 3] [--seed N] [--keep FOLDER]

An emulated machine (the device lab's, QEMU in software) records studies on a disk of its own, whose writes and flushes QEMU
logs in their order. Each sync of the spool and each stored study is told on the console; how long the log was when that
line came is noted. For each round the disk is rebuilt as a cut at a random moment may have left it: all before
the last flush is there, of what came after it and of the write under way each sector by chance (`write_log`). Then a machine
mounts the disks, recovers and saves what is there.

Of each study every frame that a sync had told before the cut must be there, byte for byte; each study that was told stored
must be in the archive; the archive must verify before and after; the file system must be whole. Prints one JSON document as
the last line of standard output; exit status 1 where any of this failed. Takes some minutes; needs e2fsprogs.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg

from benchmarks.write_log import Cut, Write, cut_disk, read_log
from tests.device_lab.kernel import find
from tests.device_lab.machine import run

DISK_MB = 192
#: Disks that one machine looks at: its bus has room for some more.
AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Promise:
    """What was told, and how long the log of writes was then, bytes."""

    study: str
    frames: int
    stored: bool
    log_bytes: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--studies", type=int, default=4, help="recorded one after the other")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each")
    parser.add_argument("--seed", type=int, default=None, help="default: a fresh one, printed")
    parser.add_argument(
        "--without-sync", action="store_true", help="a machine that never syncs: the campaign must fail"
    )
    parser.add_argument("--keep", type=Path, default=None, metavar="FOLDER", help="leave log and disks there")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**31)
    with tempfile.TemporaryDirectory(prefix="power-cut-") as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        return campaign(folder, arguments, random.Random(seed), seed)


def campaign(folder: Path, arguments: argparse.Namespace, chance: random.Random, seed: int) -> int:
    film = make_film(folder / "film.avi", round(30 * arguments.seconds * 1.2))
    blank = make_disk(folder / "blank.img")
    how = ["without-sync"] if arguments.without_sync else []
    promises = record(folder, film, arguments.studies, arguments.seconds, how)
    log = read_log(folder / "writes.log")
    say(f"{len(promises)} promises, {len(log)} writes and flushes, {log[-1].end / 1e6:.1f} MB")
    ends = [moment(log, promises[0].log_bytes, chance, by_bytes=number % 2 == 0) for number in range(arguments.rounds)]
    found: list[dict[str, Any]] = []
    for first in range(0, arguments.rounds, AT_ONCE):
        found += look(folder, film, blank, log, ends[first : first + AT_ONCE], promises, chance, first)
    wrong = [line for line in found if line["wrong"]]
    stages = Counter(line["stage"] for line in found)
    print(
        json.dumps(
            {
                "seed": seed,
                "rounds": len(found),
                "stages": dict(stages),
                "frames_promised": sum(line["promised"] for line in found),
                "frames_found": sum(line["found"] for line in found),
                "studies_told_stored": sum(line["stored"] for line in found),
                "sectors_lost": sum(line["cut"]["sectors_lost"] for line in found),
                "wrong": [line["wrong"] for line in wrong],
            }
        )
    )
    return 1 if wrong else 0


def moment(log: list[Write], first_promise: int, chance: random.Random, *, by_bytes: bool) -> int:
    """Where in the log, bytes, the power fails: anywhere, which is mostly within frames, or within any entry alike, which is
    mostly within what the file system writes of its own. A few moments lie before the first promise."""
    earliest = max(log[0].begin, first_promise - (log[-1].end - first_promise) // 20)
    if by_bytes:
        return chance.randint(earliest, log[-1].end)
    entry = chance.choice([write for write in log if write.begin >= earliest])
    return chance.randint(entry.begin + 1, entry.end)


def record(folder: Path, film: Path, studies: int, seconds: float, how: list[str]) -> list[Promise]:
    """Record on a logged disk; the promises in their order."""
    disk, log = folder / "disk.img", folder / "writes.log"
    shutil.copyfile(folder / "blank.img", disk)
    log.write_bytes(b"")
    promises: list[Promise] = []

    def note(line: str) -> None:
        if line.startswith("PROMISE "):
            told = json.loads(line.removeprefix("PROMISE "))
            stored = "stored" in told
            frames = told["stored"] if stored else told["synced"]
            promises.append(Promise(told["study"], frames, stored, log.stat().st_size))
        else:
            say(line)

    logged = (
        f"driver=blklogwrites,node-name=disk,log-append=off,log-sector-size=512,file.driver=file,file.filename={disk},"
        f"log.driver=file,log.filename={log}"
    )
    machine = ("-blockdev", logged, "-device", "virtio-blk-pci,drive=disk")
    guest = (sys.executable, "-m", "benchmarks.power_cut_guest", "record", str(film), str(studies), str(seconds), *how)
    outcome = run(guest, note, machine)
    if outcome.code != 0 or not promises:
        raise SystemExit(f"the recording machine failed ({outcome.code}):\n{outcome.console[-3000:]}")
    return promises


def look(
    folder: Path, film: Path, blank: Path, log: list[Write], ends: list[int], promises: list[Promise],
    chance: random.Random, first: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rebuild a disk for each of `ends`, look at all of them in one machine, and judge."""
    cuts: dict[str, Cut] = {}
    machine: list[str] = []
    for number, end in enumerate(ends):
        image = folder / f"cut-{first + number}.img"
        shutil.copyfile(blank, image)
        cuts[image.name] = cut_disk(image, log, end, chance)
        machine += ["-drive", f"if=none,id=d{number},format=raw,file={image}"]
        machine += ["-device", f"virtio-blk-pci,drive=d{number}"]
    told: dict[str, dict[str, Any]] = {}

    def note(line: str) -> None:
        if line.startswith("FOUND "):
            one = json.loads(line.removeprefix("FOUND "))
            told[one["disk"]] = one
        else:
            say(line)

    guest = (sys.executable, "-m", "benchmarks.power_cut_guest", "look", str(film), *cuts)
    outcome = run(guest, note, machine)
    judged = []
    for (name, cut), end in zip(cuts.items(), ends, strict=True):
        answer = told.get(name, {"error": f"no answer; the machine said last: {outcome.console[-500:]}"})
        checked = subprocess.run(
            [find("e2fsck") or "e2fsck", "-fn", str(folder / name)], capture_output=True, text=True, check=False
        )
        whole = "" if checked.returncode == 0 else f"e2fsck: {checked.stdout[-300:]}"
        judged.append(judge(answer, cut, end, promises, whole))
        say(f"{name}: {json.dumps(judged[-1])}")
    return judged


def judge(
    answer: dict[str, Any], cut: Cut, end: int, promises: list[Promise], file_system: str
) -> dict[str, Any]:  # fmt: skip
    """What had to be there at a cut at byte `end` of the log, what was, and what is wrong."""
    due: dict[str, int] = {}
    stored: set[str] = set()
    for promise in promises:
        if promise.log_bytes <= end:
            due[promise.study] = max(due.get(promise.study, 0), promise.frames)
            if promise.stored:
                stored.add(promise.study)
    line: dict[str, Any] = {"cut": asdict(cut), "promised": sum(due.values()), "stored": len(stored), "found": 0}
    wrong = [file_system] if file_system else []
    if "error" in answer:
        wrong.append(answer["error"])
    else:
        studies: dict[str, list[int]] = answer["studies"]
        for uid, frames in due.items():
            offered, kept = studies.get(uid, [0, 0])
            if kept < frames:
                wrong.append(f"{frames} frames of a study were promised, {offered} offered, {kept} stored")
        wrong += [f"{key}: {answer['problems']}" for key in ("verified_before", "verified_after") if not answer[key]]
        if answer["left"] or answer["foreign"]:
            wrong.append(f"{answer['left']} streams left, {answer['foreign']} objects with other frames than sent")
        line["found"] = sum(kept for _, kept in studies.values())
        line["offered"] = sum(offered for offered, _ in studies.values())
    open_studies = len(due) - len(stored)
    line["stage"] = "recording or saving" if open_studies else "between studies" if due else "before the first sync"
    line["wrong"] = wrong
    return line


def make_film(path: Path, frames: int) -> Path:
    """A film of small JPEG frames, each another: no ultrasound, so that nothing is read off it."""
    import av

    chance = np.random.default_rng(3)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuvj422p"
        for number in range(frames):
            picture = chance.integers(0, 256, (30, 40, 3), np.uint8).repeat(8, 0).repeat(8, 1)
            packet = av.Packet(simplejpeg.encode_jpeg(np.ascontiguousarray(picture), 80, "BGR", "422"))
            packet.stream = stream
            packet.time_base = Fraction(1, 30)
            packet.pts = packet.dts = number
            container.mux(packet)
    return path


def make_disk(path: Path) -> Path:
    """An empty ext4 file system."""
    with path.open("wb") as file:
        file.truncate(DISK_MB << 20)
    subprocess.run([find("mkfs.ext4") or "mkfs.ext4", "-q", "-F", str(path)], check=True)
    return path


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
