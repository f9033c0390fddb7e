"""From an array of pixels to what Qt paints, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PyQt5.QtGui import QImage

Pixels = npt.NDArray[np.uint8]


def qimage_of(pixels: Pixels) -> QImage:
    """A picture that owns its pixels, from 8 bit blue, green, red (rows, columns, 3) or grey (rows, columns).

    Qt would paint from the array's memory without holding it; the copy (2 ms for 1080p) is in the form that Qt paints
    fastest, and nobody can free or overwrite it. ValueError for other shapes.
    """
    array: Any = np.ascontiguousarray(pixels)
    if array.dtype != np.uint8 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)):
        raise ValueError(f"no picture: an array of {array.dtype} with the shape {array.shape}")
    rows, columns = array.shape[:2]
    form = QImage.Format_Grayscale8 if array.ndim == 2 else QImage.Format_BGR888
    return QImage(array.data, columns, rows, array.strides[0], form).convertToFormat(QImage.Format_RGB32)


def pixels_of(picture: QImage) -> Pixels:
    """A copy of the picture as blue, green, red (rows, columns, 3)."""
    plain = picture.convertToFormat(QImage.Format_RGB888)
    data = plain.constBits().asstring(plain.sizeInBytes())
    rows = np.frombuffer(data, np.uint8).reshape(plain.height(), plain.bytesPerLine())[:, : plain.width() * 3]
    return np.ascontiguousarray(rows.reshape(plain.height(), plain.width(), 3)[:, :, ::-1])
