"""Whether a program decodes the same picture as we do. Decoders differ in their inverse transform and in how they spread
chroma; a swapped colour, a shift or another frame is tens off (the material's frames are speckle of their own)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dicom_io import OpenedImage


def same_pictures(path: Path, theirs: Iterable[NDArray[np.uint8]]) -> bool:
    """Whether their frames, BGR (rows, columns, 3), are all of the file's, in order."""
    with OpenedImage(path) as image:
        ours = [image.frame(n) for n in range(image.number_of_frames)]
    frames = list(theirs)
    return len(frames) == len(ours) and all(
        a.shape == b.shape and float(np.abs(a.astype(int) - b).mean()) < 3 for a, b in zip(frames, ours, strict=True)
    )
