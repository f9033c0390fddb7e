"""The house itself: front doors, pages made from code, words that may not stand anywhere."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    "devices",
    "mock_devices",
    "acquisition",
    "imaging",
    "annotation",
    "procedure",
    "dicom_io",
    "archive",
    "audit",
    "workstation",
)


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_a_front_door(room: str) -> None:
    module = importlib.import_module(room)
    assert module.__doc__ and len(module.__doc__) > 60, f"{room}/__init__.py does not say what the room is for"
    exported = getattr(module, "__all__", [])
    assert len(set(exported)) == len(exported)
    for name in exported:
        assert getattr(module, name) is not None


@pytest.mark.requirement("C9")
def test_the_top_level_is_the_way_of_the_data() -> None:
    given = "pyproject.toml README.md acquisition dicom_io annotation devices mock_devices tests"
    for name in given.split():
        assert (ROOT / name).exists()


@pytest.mark.requirement("C8")
@pytest.mark.parametrize(
    ("package", "module"),
    [
        ("opencv-python", "cv2"),
        ("pydicom", "pydicom"),
        ("pynetdicom", "pynetdicom"),
        ("numpy", "numpy"),
        ("PyQt5", "PyQt5"),
        ("pyserial", "serial"),
        ("pytest", "pytest"),
    ],
)
def test_each_package_asked_for_is_named_and_used(package: str, module: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert [name for name in named if re.split(r"[<>=;\s]", name)[0] == package]
    places = ("tests",) if module == "pytest" else ROOMS
    imported = re.compile(rf"^\s*(import|from) {module}\b", re.MULTILINE)
    assert any(imported.search(path.read_text()) for place in places for path in (ROOT / place).rglob("*.py"))


@pytest.mark.parametrize("maker", ["make_requirements.py", "make_programs_table.py"])
def test_pages_made_from_the_tests_are_what_the_tests_say(maker: str) -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "docs" / maker, "--check"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr


@pytest.mark.requirement("S26")
@pytest.mark.requirement("S29")
def test_nothing_is_ever_called_safe() -> None:
    """No text that a user can see promises safety, and an empty Doppler box never reads as 'no vessel'."""
    words = r"safe (zone|area|region|plane)|danger[- ]free|no vessels? (present|here)|risk[- ]free"
    banned = re.compile(words, re.IGNORECASE)
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in (".py", ".toml", ".svg"):
                assert not banned.search(path.read_text(encoding="utf-8")), path


def test_each_control_of_the_hazard_list_names_tests_that_are_there() -> None:
    page = (ROOT / "docs" / "explanation" / "intended-use.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(tests/[^`]+)`", row)
        assert named and all((ROOT / name).is_file() for name in named), row


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """`sonofill --help` answers at once: no Qt, OpenCV, highdicom or pydicom behind it."""
    code = (
        "import sys, workstation.cli as c; c.build_parser(); "
        "print([m for m in ('PyQt5', 'cv2', 'highdicom', 'pydicom', 'numpy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"


def test_everything_but_the_window_works_without_qt() -> None:
    """Every room but the canvas and the window can be imported where Qt is not."""
    code = (
        "import sys; sys.modules['PyQt5'] = None; "
        "import devices, mock_devices, acquisition, imaging, annotation, procedure, dicom_io, archive; "
        "import workstation.studies.study, workstation.demo"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stderr
