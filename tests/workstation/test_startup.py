"""Naming a command loads that command: the others' libraries are not in its start."""

from __future__ import annotations

import subprocess
import sys

import pytest

from procedure.demonstration import SCENARIOS
from workstation.cli import COMMANDS, build_parser

HEAVY = {"numpy", "cv2", "pydantic", "pydicom", "pynetdicom", "PyQt5", "PIL", "keyring", "onnxruntime", "procedure"}


def test_the_command_line_itself_loads_no_library() -> None:
    asked = "import sys, workstation.cli as c; c.build_parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY.intersection(loaded)


def test_each_module_adds_the_command_of_its_name() -> None:
    """So the first word of a command line tells which module is needed."""
    for module in COMMANDS:
        (choices,) = (action.choices for action in build_parser((module,))._actions if action.dest == "command")
        assert module.replace("_", "-") in (choices or ())


def test_the_help_of_the_demonstration_names_its_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["demo", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(name in told for name in SCENARIOS)
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["demo", "--scenario", "none-such"])
    assert ended.value.code == 2
