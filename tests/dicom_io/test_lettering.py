"""Words as pixels: every script that a typeface here has, and numbers for the rest."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_io.drawing.lettering import lettered, line_height


def wide(text: str) -> int:
    return lettered(text, 18).width


@pytest.mark.parametrize(
    "text", ["facial artery  1.2 ± 0.1 mm²", "Ωμέγα Žíla Лена", "شريان الوجه", "עורק הפנים", "顔面動脈 血管", "한국어"]
)
def test_scripts_that_a_typeface_here_has_are_set(text: str) -> None:
    line = lettered(text, 18)
    assert line.lacking == ()
    assert line.ink.shape[0] == line_height(18)
    assert 20 < line.width < 400 and line.ink.max() > 200


def test_what_no_typeface_has_stands_as_its_number_and_is_told() -> None:
    line = lettered("धमनी", 18)
    assert line.lacking == ("ध", "म", "न", "ी")
    assert np.array_equal(line.ink, lettered("[U+0927][U+092E][U+0928][U+0940]", 18).ink)
    assert lettered("a\u0007b", 18).lacking == ("\u0007",)


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    """Joined letters are narrower than the same letters apart; the first letter stands on the right."""
    joined, apart = lettered("لعل", 40), lettered("ل\u200cع\u200cل", 40)
    assert joined.width < 0.9 * apart.width
    mixed, latin = lettered("عرق abc", 40), lettered("abc", 40)
    # The base direction is that of the first strong sign: the Latin word ends the line on the left.
    assert np.array_equal(mixed.ink[:, : latin.width - 4], latin.ink[:, : latin.width - 4])


@given(st.text(max_size=12))
def test_any_text_gives_a_line_of_one_height(text: str) -> None:
    line = lettered(text, 14)
    assert line.ink.shape[0] == line_height(14)
    assert (line.width == 0) == (text == "")


def test_without_the_shaper_right_to_left_is_told_as_numbers_and_not_set_wrong() -> None:
    code = (
        "from PIL import features; check = features.check; "
        "features.check = lambda name: False if name == 'raqm' else check(name); "
        "from dicom_io.drawing.lettering import lettered; print(len(lettered('\u0639\u0631\u0642', 18).lacking))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3"
