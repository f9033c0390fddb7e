"""Items held against what was spooled: whatever the pieces, each fits, and no changed byte goes by."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from acquisition.items import ItemCheck, item_header

PAYLOADS = st.lists(st.binary(max_size=12), min_size=1, max_size=5)


def first_misfit(payloads: list[bytes], items: bytes, cuts: list[int]) -> int | None:
    check = ItemCheck((len(p), xxh3_64_intdigest(p)) for p in payloads)
    edges = sorted({0, *(cut % len(items) for cut in cuts), len(items)})
    for begin, end in pairwise(edges):
        if (misfit := check.update(memoryview(items)[begin:end])) is not None:
            return misfit
    return None


@pytest.mark.requirement("N3")
@given(PAYLOADS, st.lists(st.integers(0, 200), max_size=8), st.integers(0, 200), st.integers(1, 255))
def test_a_changed_byte_is_found_in_its_item(payloads: list[bytes], cuts: list[int], at: int, change: int) -> None:
    items = [item_header(len(p)) + p + b"\0" * (len(p) & 1) for p in payloads]
    whole = b"".join(items)
    assert first_misfit(payloads, whole, cuts) is None
    at %= len(whole)
    harmed = bytearray(whole)
    harmed[at] ^= change
    expected = next(n for n in range(len(items)) if at < sum(map(len, items[: n + 1])))
    assert first_misfit(payloads, bytes(harmed), cuts) == expected
