"""A frame that lies in the spool as the picture that its stored object shows."""

from __future__ import annotations

import numpy as np
import simplejpeg

from acquisition.cine import Clip
from devices.source import PixelFormat
from dicom_io.errors import WrongPicture
from dicom_io.picture.decode import Picture
from dicom_io.picture.lossless import planes_of
from dicom_io.picture.pixels import payload_of


def stored_picture(still: Clip) -> Picture:
    """The one frame of `still` as BGR, rows x columns x 3, as a reader of its object decodes it; the caller may draw on it.

    YUYV is taken as full range, as the object says it: what a device sends in video range looks paler. Raises WrongPicture,
    FramesUnreadable.
    """
    payload, stream = payload_of(still, 0), still.stream
    if stream.pixel_format is PixelFormat.MJPEG:
        try:
            decoded: Picture = simplejpeg.decode_jpeg(payload, "BGR")
        except ValueError as error:
            raise WrongPicture(f"A labelled frame cannot be decoded ({error}): its copy cannot be made.") from error
        return decoded
    planes = planes_of(payload, stream.pixel_format, stream.width, stream.height, 3)
    if stream.pixel_format is PixelFormat.GREY:
        return np.repeat(planes[0][:, :, None], 3, axis=2)
    if stream.pixel_format is PixelFormat.BGR24:
        return np.ascontiguousarray(np.dstack(planes[::-1]))
    from devices.cv import cv2

    y, cb, cr = planes  # OpenCV's order is Y, Cr, Cb
    converted: Picture = cv2.cvtColor(np.dstack((y, cr, cb)), cv2.COLOR_YCrCb2BGR)
    return converted
