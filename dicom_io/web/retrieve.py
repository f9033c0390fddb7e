"""WADO-RS (PS3.18, 10.4): the objects of a study as files, in the transfer syntax in which they lie on the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from dicom_io.web.connection import WebConnection
from dicom_io.web.multipart import DICOM, boundary_of, written_parts

MOST_BYTES: Final = 64 << 30  #: of one study: more fills a disk, and no ultrasound study is so long


def bring_study(
    connection: WebConnection, study_instance_uid: str, folder: Path, most_bytes: int = MOST_BYTES
) -> Iterator[Path]:
    """Each object of a study as a file in `folder`, one after another as they come; whoever gets one removes it.

    Nothing that comes is looked at: it may be no DICOM. Raises Refused (404) where there is no such study, and the other
    kinds of NetworkError; OSError where the folder cannot be written.
    """
    # `*` is: as it is stored (8.7.3.5.2). Without it a server may decode pictures, or must.
    accept = {"Accept": f'multipart/related; type="{DICOM}"; transfer-syntax=*'}
    with connection.answer("GET", f"/studies/{quote(study_instance_uid)}", None, accept) as answer:
        if answer.status not in (200, 206):
            raise connection.refusal(answer.status)
        boundary = boundary_of(answer.headers.get("Content-Type", ""), connection.server)
        yield from written_parts(connection.chunks(answer), boundary, folder, connection.server, most_bytes)
