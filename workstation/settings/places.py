"""In which line of a JSON text something stands. No Qt."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]')


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """The line (from 1) of what `place` leads to: keys of objects and places in lists (from 0), from the outside inwards.

    Where nothing stands there (a key that is missing), the line of what should hold it; None for the whole text, and where
    it is no JSON: then the parser's own message says where.
    """
    best: tuple[int, int] | None = None
    path: list[str | int] = []
    text_before = ""
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in "{[":
            path.append("" if word == "{" else 0)
        elif word in "}]":
            path = path[:-1]
        elif word == "," and path and isinstance(path[-1], int):
            path[-1] += 1
        elif word == ":" and path and isinstance(path[-1], str):
            path[-1] = json.loads(text_before)
        if word[0] == '"':
            text_before, key_at = word, token.start()
            continue
        at = key_at if word == ":" else token.end()
        known = [part for part in path if part != ""]
        depth = len(known)
        if known and known == list(place[:depth]) and (best is None or depth > best[0]):
            best = (depth, at)
    return None if best is None else text.count("\n", 0, best[1]) + 1
