from __future__ import annotations

import subprocess
import sys

import pytest

import dicom_io
from dicom_io import errors


def test_all_names_are_there_and_each_says_what_it_is() -> None:
    assert len(set(dicom_io.__all__)) == len(dicom_io.__all__)
    for name in dicom_io.__all__:
        thing = getattr(dicom_io, name)
        assert name == "Part" or thing.__doc__, name


@pytest.mark.parametrize("heavy", ["highdicom", "cv2", "PyQt5"])
def test_the_room_opens_without_what_only_some_need(heavy: str) -> None:
    code = f"import sys, dicom_io; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_error_is_in_the_one_tree_and_in_its_drawing() -> None:
    found = [v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, Exception)]
    assert len(found) > 5
    for error in found:
        assert issubclass(error, errors.DicomError)
        assert error.__name__ in (errors.__doc__ or "")
