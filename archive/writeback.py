"""Asks the system to write a stretch of a file to disk now, without waiting: Linux's sync_file_range, which Python lacks.

A hint only: what makes a file durable is the fsync that follows. Elsewhere it does nothing.
"""

from __future__ import annotations

import ctypes
import sys

_WRITE = 2  # SYNC_FILE_RANGE_WRITE: start writing the dirty pages of the range


def _find() -> ctypes._NamedFuncPointer | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        call = ctypes.CDLL(None).sync_file_range
    except AttributeError:  # a C library without it
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint]
    return call


_sync_file_range = _find()


def start_writeback(fd: int, offset: int, length: int) -> None:
    """Starts writing `length` bytes from `offset`. Its result does not matter: fsync reports what goes wrong."""
    if _sync_file_range is not None:
        _sync_file_range(fd, offset, length, _WRITE)
