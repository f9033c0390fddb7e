"""Which kind of file this is, by its first bytes.

Only known beginnings are handed to FFmpeg: it would take text for a film, and a playlist would make it open what the
playlist names, over the network if need be.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from devices.errors import UnreadableFile
from devices.films.film import Film

_PICTURES: Final = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG\r\n\x1a\n": "a PNG picture",
    b"BM": "a BMP picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
}
_VIDEOS: Final = {
    b"\x1aE\xdf\xa3": "a Matroska or WebM file",
    b"\x00\x00\x01\xba": "an MPEG file",
    b"\x30\x26\xb2\x75": "a Windows Media file",
    b"GIF8": "a GIF file",
}


def open_film(path: Path) -> Film:
    """The film in this file. Raises UnreadableFile, with one sentence for the user, where there is none."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # a pipe would be waited for without end
            raise UnreadableFile("What is to be played is not a file: name a video, picture or DICOM file.")
        with path.open("rb") as file:
            head = file.read(512)
    except FileNotFoundError:
        raise UnreadableFile("There is no such file to play: check the path.") from None
    except IsADirectoryError:
        raise UnreadableFile("A folder cannot be played: name one file in it.") from None
    except OSError as error:
        raise UnreadableFile(f"The file to play cannot be read ({error.strerror}): check its permissions.") from error
    if not head:
        raise UnreadableFile("The file to play is empty.")
    # Imported when needed: pydicom and OpenCV each take a good part of a second.
    if head[128:132] == b"DICM":
        from devices.films.dicom import DicomFilm

        return DicomFilm(path)
    for beginning, what in _PICTURES.items():
        if head.startswith(beginning):
            from devices.films.picture import PictureFilm

            return PictureFilm(path, what)
    kind = _video_kind(head)
    if kind is not None:
        from devices.films.video import VideoFilm

        return VideoFilm(path, kind)
    raise UnreadableFile("The file is not a video, picture or DICOM image that can be played: choose another file.")


def _video_kind(head: bytes) -> str | None:
    for beginning, what in _VIDEOS.items():
        if head.startswith(beginning):
            return what
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "an AVI file"
    if head[4:8] == b"ftyp":
        return "a QuickTime file" if head[8:12] == b"qt  " else "an MP4 file"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "a QuickTime file"
    if head[0] == 0x47 and head[188:189] == b"\x47":
        return "an MPEG transport stream"
    return None
