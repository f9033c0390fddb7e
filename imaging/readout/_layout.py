"""Where tokens stand to each other: rows, what is right of and below, and whose settings they are (B, colour, PW)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from imaging.readout._mended import mended
from imaging.readout._rulers import ruler_numbers
from imaging.readout._tokens import Token, tokens_of
from imaging.readout._vocabulary import DOPPLER_ONLY, HEADINGS, PICTURE_ONLY, REPEATED, Group
from imaging.readout._words import not_english
from imaging.text import TextLine

Box = tuple[int, int, int, int]

_RIGHT_REACH: Final = 9.0  #: heights between a label and its value in a table
_BELOW_REACH: Final = 1.3  #: heights between a label and the value under it
_LIST_REACH: Final = 5.0  #: heights between two labels of one list
_COLUMN_REACH: Final = 9.0  #: and where they are aligned, other tiles between them
_ALIGNED: Final = 0.5
_NEARER: Final = 0.25  #: heights by which one of two numbers, over and under a label, must be nearer to be its own
_BLOCK_GAP: Final = 1.1  #: heights between two lines of one block
_COLUMN_SHIFT: Final = 4.0  #: heights that a setting may be indented under its heading
_SAME_HEIGHT: Final = (0.5, 2.0)
_DECIBELS: Final = re.compile(r"\d{2,3}\s?dB", re.IGNORECASE)
_SWITCH: Final = re.compile(r"off|on|aus|ein|an|no|sì|si|oui|non|关|开", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A word that says whose settings stand under it, or behind it on its line."""

    group: Group
    box: Box
    line: int


class Layout:
    """The lines of a screen with their tokens."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self.lines = lines = mended(lines)
        self.tokens = [tokens_of(line, number) for number, line in enumerate(lines)]
        rulers = ruler_numbers(self.tokens)
        self.tokens = [
            [replace(token, kind="word") if (token.line, token.start) in rulers else token for token in tokens]
            for tokens in self.tokens
        ]
        self.abroad = any(
            token.kind == "label" and not_english(token.text) for tokens in self.tokens for token in tokens
        )
        self.headings: list[Heading] = []  # while they are looked for, none is known
        self.headings = [heading for number in range(len(lines)) for heading in self._headings_of(number)]
        self.blocks = self._blocks()
        self._doppler_blocks = {number for number in set(self.blocks) if self._is_doppler(number)}

    def _headings_of(self, number: int) -> Iterable[Heading]:
        line, tokens = self.lines[number], self.tokens[number]
        for group, pattern in HEADINGS:
            if pattern.fullmatch(line.text.strip()):
                if self._is_label(number) or self._is_switch(number):
                    continue
                yield Heading(group, line.box, number)
                return
            start = pattern.match(line.text)
            bracketed = line.text[:1] in "[<"
            if (
                start
                and start.end() > 0
                and (bracketed or len(tokens) >= 3)
                and " " in line.text[start.end() - 1 : start.end() + 1]
            ):
                head = start.group().strip()
                behind = [token for token in tokens if token.start >= start.end()]
                if behind and _SWITCH.fullmatch(behind[0].text):
                    return
                if behind and self._may_follow(head, behind[0]) and head != "D" and (bracketed or head.isupper()):
                    yield Heading(group, line.box, number)
                    return

    @staticmethod
    def _may_follow(head: str, first: Token) -> bool:
        """Whether a line's heading may stand before that: 'C 50' is a setting itself, '2D 12 MHz …' is not."""
        if first.kind != "number":
            return True
        if head.strip("[]<>( :.").lower() in ("power", "pwr"):
            return False
        return first.unit[:2] == "MH" or (len(head) > 1 and first.unit == "%")

    def _is_label(self, number: int) -> bool:
        """'D', 'M' and 'Power' with a value at their right, or a length under a 'D', are labels of settings."""
        line, tokens = self.lines[number], self.tokens[number]
        word = line.text.strip(" .:[]")
        if word not in ("D", "M", "PD") and word.lower() != "power":
            return False
        if word == "PD":
            return self.abroad or any(_DECIBELS.fullmatch(text.strip()) for text in self._texts_right(number))
        under = self.stacked(tokens[0]) if tokens else None
        if under is not None and word == "D":
            return under.unit.lower() in ("cm", "mm") or (not under.unit and under.decimals == 1)
        if under is not None and under.unit == "%":
            return True
        return any(text[:1].isdigit() for text in self._texts_right(number))

    def _is_switch(self, number: int) -> bool:
        """'TDI  Off' is a switch of the list, and nothing under it is its own."""
        line = self.lines[number]
        under = [
            other.text
            for other in self.lines
            if abs(other.box[0] - line.box[0]) <= line.box[3] - line.box[1]
            and 0 < other.box[1] - line.box[1] <= (line.box[3] - line.box[1]) * (1 + _BELOW_REACH)
        ]
        return any(_SWITCH.fullmatch(text.strip()) for text in (*self._texts_right(number), *under))

    def _texts_right(self, number: int) -> list[str]:
        line = self.lines[number]
        height = line.box[3] - line.box[1]
        return [
            other.text
            for other in self.lines
            if other is not line
            and _same_row(line.box, other.box)
            and -height <= other.box[0] - line.box[2] <= height * _RIGHT_REACH
        ]

    def group(self, token: Token) -> Group | None:
        """Whose setting the token is; None where nothing tells."""
        on_line = [heading for heading in self.headings if heading.line == token.line]
        if on_line:
            return on_line[0].group
        best: tuple[float, Group] | None = None
        for heading in self.headings:
            height = heading.box[3] - heading.box[1]
            across = max(heading.box[0] - token.box[2], self._column(token) - heading.box[2])
            if _same_row(heading.box, token.box):
                gap = token.box[0] - heading.box[2]
                if not -height <= gap <= height * _RIGHT_REACH:
                    continue
                distance = 0.0
            elif heading.box[1] < token.box[1] and across <= height * _COLUMN_SHIFT:
                if self._column(token) < heading.box[0] - height * 1.5:
                    continue
                distance = float(token.box[1] - heading.box[1])
            else:
                continue
            if best is None or distance < best[0]:
                best = (distance, heading.group)
        if self.blocks[token.line] in self._doppler_blocks and (best is None or best[1] == "b"):
            return "colour"
        return best[1] if best else None

    def _column(self, token: Token) -> int:
        """Where the token's row begins: a value at the right of its label belongs to the label's column."""
        line = self.lines[token.line]
        height = line.box[3] - line.box[1]
        left = [
            other.box[0]
            for other, tokens in zip(self.lines, self.tokens, strict=True)
            if any(one.kind == "label" for one in tokens)
            and _same_row(other.box, line.box)
            and 0 <= line.box[0] - other.box[2] + height <= height * _RIGHT_REACH
        ]
        return min([line.box[0], *left])

    def right_of(self, label: Token) -> Token | None:
        """The nearest token to the right on the label's row, in reach, on its own line or on the next."""
        own = [token for token in self.tokens[label.line] if token.start >= label.end]
        if own:
            return own[0]
        best: Token | None = None
        for number, tokens in enumerate(self.tokens):
            if number == label.line or not tokens or not _same_row(label.box, self.lines[number].box):
                continue
            gap = self.lines[number].box[0] - label.box[2]
            near = -label.height * 0.7 <= gap <= label.height * _RIGHT_REACH and _alike(label, tokens[0])
            if near and (best is None or tokens[0].box[0] < best.box[0]):
                best = tokens[0]
        return best

    def labelled_from_left(self, number: Token) -> bool:
        """Whether a label without a number of its own stands left of the number, in reach."""
        for tokens in self.tokens:
            last = tokens[-1] if tokens else None
            if last is None or last.kind != "label" or last.line == number.line or not _same_row(last.box, number.box):
                continue
            if -number.height * 0.7 <= number.box[0] - last.box[2] <= number.height * _RIGHT_REACH:
                return True
        return False

    def stacked(self, label: Token) -> Token | None:
        """The number straight under the label or over it, close; None where both or neither may be meant."""
        under, over = self._next(label, above=False), self._next(label, above=True)
        if under is None or over is None:
            return (under or over or (0.0, None))[1]
        if abs(under[0] - over[0]) > _NEARER * label.height:
            return min(under, over, key=lambda one: one[0])[1]
        return under[1] if self._heads_column(label) else None

    def _next(self, label: Token, above: bool) -> tuple[float, Token] | None:
        """The gap to the next token of the label's column and that token, where it is a number alone in its place."""
        best: tuple[float, Token] | None = None
        for tokens in self.tokens:
            for token in tokens:
                if token is label or token.line == label.line or not _alike(label, token):
                    continue
                gap = label.box[1] - token.box[3] if above else token.box[1] - label.box[3]
                across = min(label.box[2], token.box[2]) - max(label.box[0], token.box[0])
                near = -0.5 * label.height <= gap <= label.height * _BELOW_REACH and across > 0
                if near and (best is None or gap < best[0]):
                    best = (float(gap), token)
        alone = best is not None and all(token.kind == "number" for token in self.tokens[best[1].line])
        return best if alone else None

    def _heads_column(self, label: Token) -> bool:
        """Whether the column of words and numbers around the label begins with a word, that is no heading."""
        top: Token = label
        for _ in self.tokens:
            above = self._next_any_above(top)
            if above is None:
                return top.kind != "number"
            top = above
        return False

    def _next_any_above(self, token: Token) -> Token | None:
        over = [
            (token.box[1] - other.box[3], other)
            for tokens in self.tokens
            for other in tokens
            if other.line != token.line
            and not any(heading.line == other.line for heading in self.headings)
            and -0.5 * token.height <= token.box[1] - other.box[3] <= token.height * _BELOW_REACH
            and other.box[1] < token.box[1]
            and min(token.box[2], other.box[2]) > max(token.box[0], other.box[0])
        ]
        return min(over, key=lambda one: one[0])[1] if over else None

    def alone(self, number: int) -> bool:
        """Whether nothing else stands near on the line's row."""
        line = self.lines[number]
        height = line.box[3] - line.box[1]
        return not any(
            other is not line
            and _same_row(line.box, other.box)
            and max(other.box[0] - line.box[2], line.box[0] - other.box[2]) <= height * _RIGHT_REACH
            for other in self.lines
        )

    def in_company(self, label: Token) -> bool:
        """Whether another setting stands in its list, by its label or by megahertz: over or under it, or on its row."""
        for tokens in self.tokens:
            for other in tokens:
                listed = other.kind == "label" or (len(tokens) == 1 and _is_setting_by_unit(other))
                if not listed or other.text == label.text:
                    continue
                aside = min(abs(other.box[0] - label.box[0]), abs(other.box[2] - label.box[2]))
                down = abs(other.box[1] - label.box[1]) / label.height
                near = down <= _LIST_REACH and aside <= _COLUMN_SHIFT * label.height
                aligned = down <= _COLUMN_REACH and aside <= _ALIGNED * label.height
                if near or aligned or _same_row(other.box, label.box):
                    return True
        return any(heading.group == "b" and self._heads(heading, label) for heading in self.headings)

    def _heads(self, heading: Heading, token: Token) -> bool:
        down = token.box[1] - heading.box[1]
        aside = abs(token.box[0] - heading.box[0])
        return heading.line == token.line or (
            0 <= down <= _LIST_REACH * token.height and aside <= _COLUMN_SHIFT * token.height
        )

    def block_of(self, number: int) -> list[int]:
        """The lines of the same block."""
        return [other for other, block in enumerate(self.blocks) if block == self.blocks[number]]

    def _blocks(self) -> list[int]:
        """Lines that stand close under or beside each other, and are no heading's border, are one block."""
        block = list(range(len(self.lines)))
        headed = {heading.line for heading in self.headings if len(self.tokens[heading.line]) <= 3}

        def root(number: int) -> int:
            while block[number] != number:
                number = block[number]
            return number

        for one, a in enumerate(self.lines):
            for two in range(one + 1, len(self.lines)):
                b = self.lines[two]
                height = min(a.box[3] - a.box[1], b.box[3] - b.box[1])
                upper, lower = sorted((one, two), key=lambda number: self.lines[number].box[1])
                if lower in headed and not _same_row(a.box, b.box):
                    continue
                down = self.lines[lower].box[1] - self.lines[upper].box[3]
                across = max(a.box[0], b.box[0]) - min(a.box[2], b.box[2])
                beside = _same_row(a.box, b.box) and across <= height * _RIGHT_REACH / 2
                under = across <= 0 and down <= height * _BLOCK_GAP * 0.5
                if beside or under:
                    block[root(two)] = root(one)
        return [root(number) for number in range(len(self.lines))]

    def second_parts(self) -> set[tuple[int, int]]:
        """(line, start) of labels in that part of a list which is Doppler's, where no heading says so.

        'Frq, Gn, DR, Frq, Gn, PRF, WF': where a setting is named for the second time its part begins. Which of the two is
        Doppler's is told by what only Doppler has, if all of that stands in one part and all that only a picture has in the
        other.
        """
        found: set[tuple[int, int]] = set()
        for block in set(self.blocks):
            labels = self._labels_of(block)
            keys = [label.key for label in labels]
            cut = next((k for k, key in enumerate(keys) if key in REPEATED and key in keys[:k]), None)
            if cut is None:
                continue
            doppler = {k >= cut for k, label in enumerate(labels) if DOPPLER_ONLY.search(label.text)}
            picture = {k >= cut for k, key in enumerate(keys) if key in PICTURE_ONLY}
            if len(doppler) == 1 and len(picture) == 1 and doppler != picture:
                found |= {(one.line, one.start) for one in (labels[cut:] if doppler == {True} else labels[:cut])}
        return found

    def _labels_of(self, block: int) -> list[Token]:
        """The labels of a block, row by row, each row from left to right."""
        labels = [
            token
            for number, one in enumerate(self.blocks)
            if one == block
            for token in self.tokens[number]
            if token.kind == "label"
        ]
        labels.sort(key=lambda token: token.box[1])
        rows: list[list[Token]] = []
        for token in labels:
            if rows and _same_row(rows[-1][0].box, token.box):
                rows[-1].append(token)
            else:
                rows.append([token])
        return [token for row in rows for token in sorted(row, key=lambda one: one.box[0])]

    def _is_doppler(self, block: int) -> bool:
        """Settings that only Doppler has, and none that only the picture has."""
        members = [number for number, one in enumerate(self.blocks) if one == block]
        if any(heading.line in members and heading.group == "b" for heading in self.headings):
            return False
        keys = {token.key for number in members for token in self.tokens[number] if token.kind == "label"}
        return not keys & PICTURE_ONLY and any(DOPPLER_ONLY.search(self.lines[number].text) for number in members)


def _is_setting_by_unit(token: Token) -> bool:
    return token.kind == "number" and token.unit.lower() in ("mhz", "fps")


def _same_row(a: Box, b: Box) -> bool:
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared >= 0.5 * min(a[3] - a[1], b[3] - b[1])


def _alike(a: Token, b: Token) -> bool:
    return _SAME_HEIGHT[0] <= b.height / max(1, a.height) <= _SAME_HEIGHT[1]
