"""The walk over a scan's Huffman codes, compiled: what is covered is written anew, all other bits are copied.

Every code's length is told by the one before it, so that the walk is one long chain that no array operation can do. numba
makes machine code of this file at its first use (some seconds; kept beside it or in the user's cache). The arguments are
plain numbers and flat arrays, which keeps both the compiling and the walk short. Nothing here raises: `stretch` returns a
negative number for what went wrong, and stays within its arrays whatever the bytes say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numba
import numpy as np
import numpy.typing as npt

from dicom_io.deidentify.jpeg_parts import END_OF_BLOCK, LENGTH_BITS, LONGEST_DC, NEAR_BITS

Bytes = npt.NDArray[np.uint8]
Steps = npt.NDArray[np.uint16]
Whole = npt.NDArray[np.int64]

ENDS_EARLY, DAMAGED, NO_STEP = -1, -2, -3
PADDING: Final = 8  #: bytes of ones that have to stand behind the stretch: a code is looked at 16 bits at a time
_LENGTH: Final = (1 << LENGTH_BITS) - 1
_ROW: Final = (1 << NEAR_BITS) + (1 << 16)  #: of the steps of one table: the near ones, then all
_FAR: Final = 1 << NEAR_BITS

Function = TypeVar("Function", bound=Callable[..., Any])


def _compiled(function: Function) -> Function:
    """Machine code of it, a part of `stretch` alone."""
    typed: Function = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return typed


def _kept(function: Function) -> Function:
    """Machine code of it, kept on the disk where there is a place for that."""
    try:
        made = numba.njit(cache=True, no_cfunc_wrapper=True)(function)
    except RuntimeError:  # nowhere to keep it: an installation that cannot be written to, and a user without a home
        made = numba.njit(function)
    typed: Function = made
    return typed


@_compiled
def _window(plain: Bytes, at: int) -> Any:
    """The 16 bits from bit `at` on (np.int64: an unsigned number and a signed one would make a float)."""
    place = at >> 3
    three = np.int64(plain[place]) << 16 | np.int64(plain[place + 1]) << 8 | np.int64(plain[place + 2])
    return three >> 8 - (at & 7) & 0xFFFF


@_compiled
def _step(plain: Bytes, at: int, steps: Steps, table: int) -> Any:
    """What the code at bit `at` says by table number `table`. Most codes are short: their part of a table stays near."""
    bits = _window(plain, at)
    step = np.int64(steps[table * _ROW + (bits >> 16 - NEAR_BITS)])
    return step if step else np.int64(steps[table * _ROW + _FAR + bits])


@_compiled
def _difference(plain: Bytes, at: int, steps: Steps, component: int, was: Whole) -> Any:
    """Adds the difference of brightness at bit `at` to what its component had; returns where it ends."""
    step = _step(plain, at, steps, 2 * component)
    size = step >> LENGTH_BITS
    if size > LONGEST_DC:
        return DAMAGED
    at += step & _LENGTH
    if size:
        value = _window(plain, at) >> 16 - size
        was[component] += value if value >> size - 1 else value - (1 << size) + 1
    return at + size


@_compiled
def _rest(plain: Bytes, at: int, steps: Steps, table: int, end: int) -> Any:
    """Where the block ends whose other coefficients begin at bit `at`; beyond `end` where it ends early.

    A negative `at` is damage found before, and is given back.
    """
    if at < 0:
        return at
    place = np.int64(1)
    while place < 64 and at <= end:
        step = _step(plain, at, steps, table)
        at += step & _LENGTH
        place += step >> LENGTH_BITS
    if at <= end and place > 64 and not END_OF_BLOCK < place < END_OF_BLOCK + 64:
        return DAMAGED
    return at


@_compiled
def _put(out: Bytes, to: int, value: int, length: int) -> int:
    """Writes the low `length` bits of `value` from bit `to` on; returns where they end."""
    for place in range(length - 1, -1, -1):
        if value >> place & 1:
            out[to >> 3] |= 0x80 >> (to & 7)
        to += 1
    return to


@_compiled
def _copy(out: Bytes, to: int, plain: Bytes, begin: int, end: int) -> int:
    """Copies the bits from `begin` up to `end`; returns where they end."""
    first = min(end - begin, -to & 7)
    to = _put(out, to, _window(plain, begin) >> 16 - first, first)
    begin += first
    count = (end - begin) >> 3
    left, source, target = begin & 7, begin >> 3, to >> 3
    for number in range(count):
        two = np.int64(plain[source + number]) << 8 | np.int64(plain[source + number + 1])
        out[target + number] = two >> 8 - left & 0xFF
    begin += count << 3
    return _put(out, to + (count << 3), _window(plain, begin) >> 16 - (end - begin), end - begin)


@_compiled
def _coded(out: Bytes, to: int, difference: int, codes: Whole, component: int) -> int:
    """A difference of brightness in the component's own code (F.1.2.1); NO_STEP where its table has none for it."""
    size = 0
    while abs(difference) >> size:
        size += 1
    place = 2 * ((LONGEST_DC + 1) * component + size)
    if size > LONGEST_DC or codes[place + 1] == 0:
        return NO_STEP
    to = _put(out, to, codes[place], codes[place + 1])
    return _put(out, to, difference if difference > 0 else difference + (1 << size) - 1, size)


@_kept
def stretch(
    plain: Bytes,
    covered: Bytes,
    blocks: Whole,
    steps: Steps,
    codes: Whole,
    ends: Whole,
    black: Whole,
    was: Whole,
    now: Whole,
    out: Bytes,
) -> int:
    """One stretch of a scan with its `covered` units (1, others 0) black, into `out`: how many bytes it has now.

    `plain` is the stretch without stuffed bytes and with `PADDING`; at least one unit is covered. `blocks` are the
    components (from 0) of a unit's blocks in their order. For each component in turn: `steps` has its DC and its AC table
    (`jpeg_parts.Table`), `codes` the code and its length for each size of a difference, `ends` those of the end of a block,
    `black` the brightness of a black block. `was` and `now`, one number for each component, and `out` are zeros.
    """
    size = (len(plain) - PADDING) * 8
    end = len(covered)
    while end and not covered[end - 1]:
        end -= 1
    end = min(len(covered), end + 1)  # the unit behind the last covered one is joined to it; then no bit changes
    at = copied = to = 0
    for number in range(end):
        hidden, joined = covered[number] != 0, False
        for n in range(len(black)):
            joined = joined or now[n] != was[n]
        if hidden:
            to = _copy(out, to, plain, copied, at)
            joined = False
        before = -1
        for n in blocks:
            begin = at
            at = _difference(plain, at, steps, n, was)
            if joined and n != before and at >= 0:
                to = _coded(out, _copy(out, to, plain, copied, begin), was[n] - now[n], codes, n)
                if to < 0:
                    return NO_STEP
                copied = at
            before = n
            at = _rest(plain, at, steps, 2 * n + 1, size)
            if at < 0 or at > size:
                return DAMAGED if at < 0 else ENDS_EARLY
        if hidden:
            copied = at
            for n in blocks:
                to = _coded(out, to, black[n] - now[n], codes, n)
                if to < 0:
                    return NO_STEP
                to = _put(out, to, ends[2 * n], ends[2 * n + 1])
                now[n] = black[n]
        else:
            for n in range(len(black)):
                now[n] = was[n]
    to = _copy(out, to, plain, copied, size)
    filling = True
    for place in range(to & ~7, to):
        filling = filling and out[place >> 3] >> 7 - (place & 7) & 1 != 0
    if filling and to & 7:
        # The ones at the end may be filling or not: only reading on to the end tells.
        for _ in range(end, len(covered)):
            for n in blocks:
                at = _rest(plain, _difference(plain, at, steps, n, was), steps, 2 * n + 1, size)
                if at < 0 or at > size:
                    return DAMAGED if at < 0 else ENDS_EARLY
        to -= size - at
    while to & 7:
        out[to >> 3] |= 0x80 >> (to & 7)
        to += 1
    return to >> 3
