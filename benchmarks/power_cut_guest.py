"""What runs inside the emulated machine of `power_cut_campaign`: recording until the end, and looking at what a cut left.

Prints lines: `PROMISE {…}` for each sync of the spool and each stored study, `FOUND {…}` for each disk that was looked at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

DISK = Path("/tmp/cut-disk")


def tell(kind: str, **facts: object) -> None:
    """One line on the console, by one write."""
    os.write(1, f"{kind} {json.dumps(facts)}\n".encode())


def mounted(device: str) -> Path:
    """Mount an ext4 disk, which replays its journal. Raises CalledProcessError."""
    DISK.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "ext4", device, str(DISK)], check=True)
    return DISK / "archive"


def unmount() -> None:
    subprocess.run(["umount", str(DISK)], check=True)


def no_sync(fd: object) -> None:
    """In the place of fsync: the fault that the campaign must notice."""


def record(film: str, studies: int, seconds: float) -> None:
    """Record the film into a study, again and again; each sync of the spool and each stored study is told."""
    from acquisition import SpoolWriter
    from devices.source import FormatRequest
    from workstation.capture.recording import record_study
    from workstation.studies.visit import Visit

    archive = mounted("/dev/vda")
    uid = ""
    sync = SpoolWriter.sync

    def told_sync(self: SpoolWriter) -> int:
        upto = sync(self)
        tell("PROMISE", study=uid, synced=upto)
        return upto

    SpoolWriter.sync = told_sync  # type: ignore[method-assign]
    for number in range(studies):
        visit = Visit.begin(f"CUT-{number}")
        uid = visit.study_instance_uid
        saved = record_study(film, visit, archive, seconds=seconds, request=FormatRequest())
        tell("PROMISE", study=uid, stored=saved.result.frames_saved)
    tell("DONE")


def look(device: str, film: str) -> dict[str, Any]:
    """Recover what a cut left on a disk: of each study the frames offered, and the frames stored in the end."""
    from acquisition import leftover_streams
    from archive import Archive
    from dicom_io import OpenedImage
    from workstation.capture.recovery import leftovers, save_all

    root = mounted(device)
    try:
        if not root.is_dir():
            return {"studies": {}, "verified_before": True, "verified_after": True, "left": 0, "foreign": 0}
        sent = sent_frames(Path(film))
        with Archive(root) as archive:
            before = archive.verify()
        streams = leftovers(root)
        offered: dict[str, int] = {}
        for stream in streams:
            intent = stream.read_intent()
            uid = str(intent["study_instance_uid"]) if intent else f"unknown {stream.stream_id}"
            offered[uid] = offered.get(uid, 0) + len(stream.frames)
        save_all(root, streams)
        stored: dict[str, int] = {}
        foreign = 0
        with Archive(root) as archive:
            after = archive.verify()
            for study in archive.studies():
                for item in archive.objects(study.study_instance_uid):
                    with OpenedImage(item.file) as image:
                        kept = [image.frame_bytes(k) for k in range(image.number_of_frames)]
                    foreign += kept != sent[: len(kept)]
                    stored[study.study_instance_uid] = stored.get(study.study_instance_uid, 0) + len(kept)
        return {
            "studies": {uid: [offered.get(uid, 0), stored.get(uid, 0)] for uid in {*offered, *stored}},
            "verified_before": before.ok,
            "verified_after": after.ok,
            "problems": [str(problem) for problem in (*before.problems, *after.problems)][:5],
            "left": len(leftover_streams(root / "spool")) if (root / "spool").is_dir() else 0,
            "foreign": foreign,
        }
    finally:
        unmount()


def sent_frames(film: Path) -> list[bytes]:
    """The film's frames as the playback sends them."""
    from devices.errors import EndOfStream
    from devices.playback import PlaybackSource

    frames = []
    with PlaybackSource(film, pace="fast") as source:
        source.start()
        while True:
            try:
                frames.append(source.read(5.0).data)
            except EndOfStream:
                return frames


def main() -> None:
    what, film, *rest = sys.argv[1:]
    for module in ("virtio_blk", "ext4"):
        subprocess.run(["modprobe", module], check=True)
    if what == "record":
        if "without-sync" in rest:
            os.fdatasync = os.fsync = no_sync
        record(film, int(rest[0]), float(rest[1]))
        return
    for number, name in enumerate(rest):
        device = f"/dev/vd{chr(ord('a') + number)}"
        try:
            tell("FOUND", disk=name, **look(device, film))
        except Exception:  # whatever a disk brings about is told, and the next one looked at  # noqa: BLE001
            tell("FOUND", disk=name, error=traceback.format_exc())


if __name__ == "__main__":
    main()
