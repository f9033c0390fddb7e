"""Every word can be read on every ground that it stands on, in both themes (WCAG 2.1, 1.4.3: 4.5 to 1)."""

from __future__ import annotations

import dataclasses

import pytest

from workstation.palette import DARK, LIGHT, Theme


def luminance(colour: str) -> float:
    """Relative luminance of '#rrggbb' (WCAG 2.1)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_words_stand_out_from_their_ground(theme: Theme) -> None:
    grounds = (theme.ground, theme.panel, theme.field)
    pressed = (theme.raised, theme.hover, theme.pressed, theme.chosen)
    pairs = [(words, ground) for words in (theme.quiet, theme.warning, theme.alarm, theme.done) for ground in grounds]
    pairs += [(theme.text, ground) for ground in (*grounds, *pressed)] + [(theme.alarm, theme.raised)]
    pairs += [("#ffffff", theme.primary), ("#ffffff", theme.recording)]
    weak = [
        (words, ground, round(contrast(words, ground), 2)) for words, ground in pairs if contrast(words, ground) < 4.5
    ]
    assert not weak
    edges = [(theme.accent, ground) for ground in (*grounds, theme.raised)]
    assert all(contrast(*pair) >= 3.0 for pair in edges), "where the focus is can be seen (1.4.11)"


def test_a_colour_is_one() -> None:
    for theme in (DARK, LIGHT):
        for field in dataclasses.fields(theme):
            assert luminance(getattr(theme, field.name)) >= 0
