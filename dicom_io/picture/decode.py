"""One stored frame to BGR pixels.

JPEG Baseline and RLE of 8 bit go straight to their decoders; the rest goes through pydicom, whose own conversion to RGB
is used. Raises ValueError with the reason where a frame cannot be decoded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import simplejpeg
from rle.rle import decode_frame as decode_rle

from dicom_io.dataset.attributes import AnyItem, Attributes

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Picture = npt.NDArray[np.uint8]

JPEG_8_BIT: Final = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"}
# Lossless JPEG: libjpeg-turbo decodes it, without converting colours.
_JPEG_LOSSLESS: Final = {"1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"}
_RLE: Final = "1.2.840.10008.1.2.5"
PIXEL_KEYWORDS: Final = (
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
)


def decode_frame(header: AnyItem, data: bytes, out: Picture | None = None) -> Picture:
    """BGR, rows x columns x 3, of one frame's stored bytes; in `out` where the decoder can use it."""
    syntax = str(header.file_meta.TransferSyntaxUID)
    if syntax in JPEG_8_BIT:
        picture: Picture = simplejpeg.decode_jpeg(data, "BGR", buffer=out)
        return picture
    if syntax in _JPEG_LOSSLESS and header.get("BitsAllocated") == 8:
        if header.get("PhotometricInterpretation") == "MONOCHROME2":
            return _grey(simplejpeg.decode_jpeg(data, "GRAY")[:, :, 0])
        if header.get("PhotometricInterpretation") == "RGB":
            return np.ascontiguousarray(simplejpeg.decode_jpeg(data, "RGB")[:, :, ::-1])
    if syntax == _RLE and header.get("BitsAllocated") == 8 and _plain_colours(header):
        return _from_planes(header, data)
    if isinstance(header, Attributes):
        raise ValueError(f"the header was not read for frames of transfer syntax {syntax}")
    return _through_pydicom(header, data)


def _plain_colours(header: AnyItem) -> bool:
    return header.get("PhotometricInterpretation") in ("MONOCHROME2", "RGB", "YBR_FULL")


def _from_planes(header: AnyItem, data: bytes) -> Picture:
    rows, columns, samples = int(header.Rows), int(header.Columns), int(header.get("SamplesPerPixel", 1))
    raw = decode_rle(data, rows * columns, 8, "<")
    planes = np.frombuffer(raw, np.uint8).reshape(samples, rows, columns)
    if samples == 1:
        return _grey(planes[0])
    if header.PhotometricInterpretation == "RGB":
        return np.ascontiguousarray(np.moveaxis(planes[::-1], 0, 2))
    from devices.cv import cv2

    # OpenCV's order is Y, Cr, Cb; both take the whole range of 0 to 255.
    picture: Picture = cv2.cvtColor(np.ascontiguousarray(np.moveaxis(planes[[0, 2, 1]], 0, 2)), cv2.COLOR_YCrCb2BGR)
    return picture


def _through_pydicom(header: Dataset, data: bytes) -> Picture:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.pixels.processing import apply_color_lut, convert_color_space
    from pydicom.pixels.utils import pixel_array

    single = Dataset()
    for keyword in PIXEL_KEYWORDS:
        if keyword in header:
            single[keyword] = header[keyword]
    single.file_meta = FileMetaDataset()
    single.file_meta.TransferSyntaxUID = header.file_meta.TransferSyntaxUID
    encapsulated = header.file_meta.TransferSyntaxUID.is_encapsulated
    single.PixelData = encapsulate([data]) if encapsulated else data
    single["PixelData"].VR = "OB" if encapsulated or header.get("BitsAllocated", 8) <= 8 else "OW"
    try:
        pixels = pixel_array(single, raw=True)
        colours = str(header.get("PhotometricInterpretation", ""))
        if colours in (
            "YBR_FULL",
            "YBR_FULL_422",
        ):  # decoders of JPEG 2000 give RGB where the file says YBR_RCT or YBR_ICT
            pixels = convert_color_space(pixels, colours, "RGB", per_frame=True)
        elif colours == "PALETTE COLOR":
            pixels = apply_color_lut(pixels, single)
            pixels = (pixels >> 8 if pixels.dtype == np.uint16 else pixels).astype(np.uint8)
    except (RuntimeError, NotImplementedError, AttributeError, KeyError, TypeError) as error:
        raise ValueError(str(error).splitlines()[0].rstrip(".")) from error
    if pixels.ndim == 3:
        return np.ascontiguousarray(_eight_bit(header, pixels)[:, :, 2::-1])
    grey = _eight_bit(header, pixels)
    return _grey(255 - grey if colours == "MONOCHROME1" else grey)


def _eight_bit(header: Dataset, pixels: npt.NDArray[np.generic]) -> Picture:
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    # More than 8 bits: the whole range that the samples can have becomes 0 to 255.
    bits = int(header.get("BitsStored", 16))
    least = -(1 << bits - 1) if header.get("PixelRepresentation") else 0
    return ((pixels.astype(np.int64) - least) * 255 // ((1 << bits) - 1)).clip(0, 255).astype(np.uint8)


def _grey(plane: Picture) -> Picture:
    return np.repeat(plane[:, :, None], 3, axis=2)
