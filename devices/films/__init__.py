"""Films: what can be played in place of a device. A video, a picture, a DICOM image or clip.

    open_film(path) -> Film     looks at the content, never at the suffix
    film.frames()               (bytes, offset from the first frame in ns), from the beginning, as often as asked

A film hands over what the file holds wherever that is one whole JPEG for each frame (MJPEG videos, JPEG pictures,
DICOM in JPEG Baseline): the same bytes. Everything else is decoded, to GREY or BGR24, and `Film.delivers` says so.
"""

from devices.films.film import ASSUMED_FPS, Film
from devices.films.opening import open_film

__all__ = ["ASSUMED_FPS", "Film", "open_film"]
