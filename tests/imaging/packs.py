"""Packs with a code, drawn for the tests."""

from __future__ import annotations

import numpy as np
import zxingcpp

from imaging.pictures import Bgr


def pack(code: str, scale: int = 6) -> Bgr:
    """A GS1 DataMatrix of `code`, as it is printed with identifiers in brackets: (rows, columns, 3), black on white."""
    drawn = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix, gs1=True, forceSquare=True).to_image(
        scale=scale
    )
    return np.ascontiguousarray(np.repeat(np.array(drawn)[..., None], 3, axis=2))
