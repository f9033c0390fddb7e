"""What was read off a strip is remembered by the strip's pixels: the same pixels say the same.

The words of a screen stand still while its picture moves. A second frame of the same recording, or the next study of the
same probe, brings most strips again bit by bit, and a word read by a network costs 10 to 30 ms.
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

_MOST: Final = 4096  #: strips remembered, some hundred bytes each: the newest used ones


class StripMemory(Generic[T]):
    """Answers by the pixels of a strip (rows, columns, 3), those used last. For any thread."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._answers: OrderedDict[bytes, T] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, strip: Bgr, read: Callable[[Bgr], T]) -> T:
        """What `read` said of the same pixels before, or says of them now. Raises what `read` raises."""
        key = hashlib.blake2b(
            np.ascontiguousarray(strip).data, digest_size=16, salt=b"%dx%d" % strip.shape[:2]
        ).digest()
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        told = read(strip)  # outside the lock: two threads may both read a strip that is new, and say the same
        with self._lock:
            self._answers[key] = told
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return told
