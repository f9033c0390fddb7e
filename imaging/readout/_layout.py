"""Where tokens stand to each other: rows, what is right of and below, and whose settings they are (B, colour, PW)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from imaging.readout._mended import mended
from imaging.readout._tokens import Token, tokens_of
from imaging.readout._vocabulary import DOPPLER_ONLY, HEADINGS, PICTURE_ONLY, Group
from imaging.text import TextLine

Box = tuple[int, int, int, int]

_RIGHT_REACH: Final = 9.0  #: heights between a label and its value in a table
_BELOW_REACH: Final = 1.3  #: heights between a label and the value under it
_BLOCK_GAP: Final = 1.1  #: heights between two lines of one block
_COLUMN_SHIFT: Final = 4.0  #: heights that a setting may be indented under its heading
_SAME_HEIGHT: Final = (0.5, 2.0)


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
        self.headings = [heading for number in range(len(lines)) for heading in self._headings_of(number)]
        self.blocks = self._blocks()
        self._doppler_blocks = {number for number in set(self.blocks) if self._is_doppler(number)}

    def _headings_of(self, number: int) -> Iterable[Heading]:
        line, tokens = self.lines[number], self.tokens[number]
        for group, pattern in HEADINGS:
            if pattern.fullmatch(line.text.strip()):
                # 'D' and 'M' with a value at their right are labels.
                if len(line.text.strip(" .:")) == 1 and line.text[0] in "DM" and self._number_right(number):
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
                if behind and behind[0].kind != "number" and head != "D" and (bracketed or head.isupper()):
                    yield Heading(group, line.box, number)
                    return

    def _number_right(self, number: int) -> bool:
        line = self.lines[number]
        height = line.box[3] - line.box[1]
        return any(
            other is not line
            and _same_row(line.box, other.box)
            and 0 <= other.box[0] - line.box[2] + height <= height * _RIGHT_REACH
            and other.text[:1].isdigit()
            for other in self.lines
        )

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
            for other in self.lines
            if _same_row(other.box, line.box) and 0 <= line.box[0] - other.box[2] + height <= height * _RIGHT_REACH
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

    def below(self, label: Token, above: bool = False) -> Token | None:
        """The token straight under the label (or over it), close, or None."""
        best: tuple[float, Token] | None = None
        for tokens in self.tokens:
            for token in tokens:
                if token is label or token.line == label.line or not _alike(label, token):
                    continue
                gap = label.box[1] - token.box[3] if above else token.box[1] - label.box[3]
                across = min(label.box[2], token.box[2]) - max(label.box[0], token.box[0])
                near = -0.5 * label.height <= gap <= label.height * _BELOW_REACH and across > 0
                if near and (best is None or gap < best[0]):
                    best = (gap, token)
        return best[1] if best else None

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

    def _is_doppler(self, block: int) -> bool:
        """Settings that only Doppler has, and none that only the picture has."""
        members = [number for number, one in enumerate(self.blocks) if one == block]
        if any(heading.line in members and heading.group == "b" for heading in self.headings):
            return False
        keys = {token.key for number in members for token in self.tokens[number] if token.kind == "label"}
        return not keys & PICTURE_ONLY and any(DOPPLER_ONLY.search(self.lines[number].text) for number in members)


def _same_row(a: Box, b: Box) -> bool:
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared >= 0.5 * min(a[3] - a[1], b[3] - b[1])


def _alike(a: Token, b: Token) -> bool:
    return _SAME_HEIGHT[0] <= b.height / max(1, a.height) <= _SAME_HEIGHT[1]
