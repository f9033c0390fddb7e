"""Saving a 30 s clip of 1080p60 as DICOM: ours beside `cp` with fsync of the same bytes, and beside pydicom.

    python -m benchmarks.save_clip [--rounds 5] [--frames 1800]

ours: `encode_clip` and `Archive.put` of frames that lie in the spool. pydicom: encapsulate and dcmwrite of the same JPEGs,
with fsync. All read from the page cache. Goal: at most 1.1 times cp, memory growing by at most 64 MiB. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.material import FPS, FRAMES, HEIGHT, WIDTH, jpegs, material, offsets, spooled
from benchmarks.measuring import Row, figures, quiet, ratios, report, rounds, timed, work_folder

CASES = ["cp", "ours", "pydicom"]


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDWR)
    os.fsync(fd)
    os.close(fd)


def cp(folder: Path, frames: int) -> Row:
    """The material's first bytes, copied by cp (from a file of just them)."""
    source = material()
    if frames != FRAMES:
        source = folder / "source"
        with material().open("rb") as file:
            source.write_bytes(file.read(offsets()[frames]))
    quiet()

    def copy() -> None:
        subprocess.run(["cp", source, folder / "copy"], check=True)
        _sync(folder / "copy")

    return timed(copy)


def ours(folder: Path, frames: int) -> Row:
    """From the clip in the spool to the object in the archive, durable and listed."""
    from archive import Archive
    from dicom_io import Equipment, Patient, Phase, Series, Study, encode_clip

    equipment = Equipment("Maker", "Probe", "1", "Maker", "Grabber", "2", "0", simulated=True)
    with Archive(folder / "archive") as archive:
        writer, clip = spooled(archive.spool_root, frames)
        quiet()

        def save() -> None:
            study, series = Study(Patient("P1"), datetime.now(UTC)), Series(Phase.PRE)
            for obj in encode_clip(clip, study, series, equipment, scratch=folder):
                archive.put(obj)

        row = timed(save)
        (saved,) = archive.studies()
        if sum(o.frames for o in archive.objects(saved.study_instance_uid)) != frames:
            raise SystemExit("not all frames were saved")
        writer.discard()
    return row


def pydicom(folder: Path, frames: int) -> Row:
    """What a user would write with pydicom."""
    from pydicom import Dataset, dcmwrite
    from pydicom.dataset import FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import JPEGBaseline8Bit, UltrasoundMultiFrameImageStorage, generate_uid

    def save() -> None:
        ds = Dataset()
        ds.SOPClassUID, ds.SOPInstanceUID = UltrasoundMultiFrameImageStorage, generate_uid()
        ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
        ds.PatientID, ds.PatientName, ds.Modality = "P1", "Test^Person", "US"
        ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "YBR_FULL_422", 0
        ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = (
            HEIGHT,
            WIDTH,
            8,
            8,
            7,
            0,
        )
        ds.NumberOfFrames, ds.FrameTime, ds.FrameIncrementPointer = frames, f"{1000 / FPS:.3f}", 0x00181063
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
        ds.PixelData = encapsulate(list(jpegs(frames)))
        ds["PixelData"].VR = "OB"
        dcmwrite(folder / "clip.dcm", ds, enforce_file_format=True)
        _sync(folder / "clip.dcm")

    list(jpegs(1))
    quiet()
    return timed(save)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        folder = Path(tempfile.mkdtemp(prefix="save-", dir=work_folder()))
        try:
            print(json.dumps({"cp": cp, "ours": ours, "pydicom": pydicom}[arguments.case](folder, arguments.frames)))
        finally:
            shutil.rmtree(folder)
        return
    material()
    rows = rounds("benchmarks.save_clip", CASES, arguments.rounds, "--frames", str(arguments.frames))
    values = {"wall_ratio_to_cp": ratios(rows, "cp", "wall_s"), "cases": figures(rows)}
    report("save_clip", {"frames": arguments.frames, "megabytes": offsets()[arguments.frames] / 1e6, **values})


if __name__ == "__main__":
    main()
