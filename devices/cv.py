"""OpenCV, imported in one place.

opencv-python sets QT_QPA_PLATFORM_PLUGIN_PATH and QT_QPA_FONTDIR at import to its own Qt; PyQt5 then finds no platform
plugin and the window does not start (seen with cv2 5.0.0.93 and PyQt5 5.15.11). The variables are dropped right after
the import, and everybody takes `cv2` from here (import-linter holds it).

OpenCV and its FFmpeg would also write to standard error of what they cannot open, where a program of ours says one
clear line itself: they are told to keep quiet, unless the user's environment says otherwise.
"""

from __future__ import annotations

import os

_before = {name: os.environ.get(name) for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")}

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET; read when the first file is opened
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
#: A damaged header may claim a billion pixels, and decoding that takes half a minute. No probe's screen has 64 million.
MOST_PIXELS = 1 << 26
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MOST_PIXELS))
# How long the V4L2 backend waits for a frame, in s. Its own 10 would hold up whoever closes a silent device.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")

import cv2  # noqa: E402

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["MOST_PIXELS", "cv2"]
