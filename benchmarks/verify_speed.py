"""Verifying an archive, beside `sha256sum` over the same files: the goal is at most 1.2 times its time.

    python -m benchmarks.verify_speed [--rounds 5]

Two archives: an encounter (327 objects, most of them small) and clips (six objects of 64 MiB). All files are in the system's
cache: what is measured is processor time, which on an idle machine is the time. `verify_ours` reads and digests every file,
reads the headers, the ledger with its tree and the index; starting Python is in no figure. `sha256sum` is the system's, its
start included; `openssl` is the same beside a program that uses the processor's own SHA instructions. Prints JSON; compare
the `cpu` ratios where others use the machine too.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path

from benchmarks.encounter_speed import saved
from benchmarks.measuring import Row, figures, ratios, report, rounds, timed, work_folder

CLIPS, CLIP_BYTES, FRAME_BYTES = 6, 64 << 20, 256 << 10


def clips() -> Path:
    """An archive of a few long clips, whose frames are random bytes; made where it is missing."""
    from archive import Archive
    from dicom_io import EncodedObject

    root = work_folder() / "long-clips"
    if not root.exists():
        unfinished = Path(tempfile.mkdtemp(prefix="clips-", dir=work_folder()))
        with Archive(unfinished) as archive:
            for number in range(CLIPS):
                uid = f"1.2.3.{number + 1}"
                data = _clip(uid, number)
                archive.put(
                    EncodedObject(
                        sop_instance_uid=uid,
                        sop_class_uid="1.2.840.10008.5.1.4.1.1.3.1",
                        transfer_syntax_uid="1.2.840.10008.1.2.4.50",
                        study_instance_uid="1.2.3",
                        series_instance_uid="1.2.3.0",
                        number_of_frames=CLIP_BYTES // FRAME_BYTES,
                        parts=(data,),
                    )
                )
        unfinished.rename(root)
    return root


def _clip(uid: str, seed: int) -> bytes:
    """A file with frames as one fragment each. Nobody decodes them."""
    import io

    from pydicom import dcmwrite
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.50")
    dataset.SOPClassUID, dataset.SOPInstanceUID = UID("1.2.840.10008.5.1.4.1.1.3.1"), UID(uid)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = UID("1.2.3"), UID("1.2.3.0")
    dataset.PatientID, dataset.StudyDate, dataset.Modality = "P", "20260302", "US"
    draw = random.Random(seed)
    frames = [draw.randbytes(FRAME_BYTES) for _ in range(CLIP_BYTES // FRAME_BYTES)]
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = len(frames), 480, 800
    dataset.SamplesPerPixel, dataset.BitsAllocated, dataset.PhotometricInterpretation = 3, 8, "YBR_FULL_422"
    dataset.PixelData = encapsulate(frames)
    dataset["PixelData"].VR = "OB"
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def _warm(root: Path) -> list[Path]:
    files = sorted((root / "studies").rglob("*.dcm"))
    for file in files:
        file.read_bytes()
    return files


def verify_ours(root: Path) -> Row:
    """`Archive.verify`, as `archive verify` calls it."""
    from archive import Archive

    _warm(root)
    with Archive(root, create=False) as kept:
        kept.studies(1)
        return timed(lambda: _sound(kept.verify().ok))


def _sound(ok: bool) -> None:
    if not ok:
        raise SystemExit("the archive of the benchmark is not sound: remove it from the work folder")


def sha256sum(root: Path) -> Row:
    """The system's program over the same files."""
    words = ["sha256sum", *map(str, _warm(root))]
    return timed(lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL))


def openssl(root: Path) -> Row:
    """OpenSSL's program over the same files."""
    words = ["openssl", "dgst", "-sha256", *map(str, _warm(root))]
    return timed(lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    roots = {"encounter": saved, "clips": clips}
    if arguments.case:
        which, _, case = arguments.case.partition(":")
        print(
            json.dumps({"verify_ours": verify_ours, "sha256sum": sha256sum, "openssl": openssl}[case](roots[which]()))
        )
        return
    found: dict[str, object] = {}
    for which, make in roots.items():
        make()
        names = [f"{which}:{case}" for case in ("sha256sum", "openssl", "verify_ours")]
        rows = rounds("benchmarks.verify_speed", names, arguments.rounds)
        found[which] = {
            "ratio_cpu": ratios(rows, names[0], "cpu_s"),
            "ratio_wall": ratios(rows, names[0], "wall_s"),
            "figures": figures(rows),
        }
    report("verify_speed", {"goal_ratio": 1.2, **found})


if __name__ == "__main__":
    main()
