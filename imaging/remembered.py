"""What was read off a picture is remembered by its pixels: the same pixels say the same.

The words of a screen stand still while its picture moves: a second frame of the same recording, or the next study of the same
probe, brings most strips of text again bit by bit, and a word read by a network costs 10 to 30 ms. A frozen screen brings
whole pictures again.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import numpy as np

from imaging.pictures import Bgr

T = TypeVar("T")

_MOST: Final = 4096  #: answers kept, those used last; strips of text need some hundred bytes each


class PixelMemory(Generic[T]):
    """Answers by the pixels of a picture or a part of one (rows, columns, 3), those used last. For any thread."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._answers: OrderedDict[bytes, T] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, picture: Bgr, read: Callable[[Bgr], T]) -> T:
        """What `read` said of the same pixels before, or says of them now. Raises what `read` raises."""
        key = hashlib.blake2b(
            np.ascontiguousarray(picture).data, digest_size=16, salt=b"%dx%d" % picture.shape[:2]
        ).digest()
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        told = read(picture)  # outside the lock: two threads may both read what is new, and say the same
        with self._lock:
            self._answers[key] = told
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return told
