"""The clinic of these tests, and the program run as one of its people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.workstation.people.clinic import PASSWORD, Clinic, clinic, make_hashing_quick
from workstation.cli import main


@pytest.fixture(scope="module")
def module_patch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        make_hashing_quick(patch)
        patch.setenv("SONOFILL_CONFIG", str(tmp_path_factory.mktemp("config")))
        patch.setenv("SONOFILL_STATE", str(tmp_path_factory.mktemp("state")))
        patch.delenv("SONOFILL_USER", raising=False)
        yield patch


@pytest.fixture(scope="module")
def shared(module_patch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    """A clinic that the tests of a module share."""
    return clinic(tmp_path_factory.mktemp("clinic") / "a")


@dataclass
class Desk:
    """The command line at one archive."""

    root: Path
    tmp_path: Path
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: object, status: int = 0) -> tuple[str, str]:
        """Standard output and error of a command at the archive."""
        self.capsys.readouterr()
        got = main([*map(str, words), "--archive", str(self.root)])
        out, err = self.capsys.readouterr()
        assert got == status, err
        return out, err

    def json(self, *words: object, status: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", status=status)[0])

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """By a session, as a person does."""
        with self.typed(password):
            self.run("signin", name, "--password-stdin")

    def typed(self, *lines: str) -> Any:
        file = self.tmp_path / "typed"
        file.write_text("".join(f"{line}\n" for line in lines))
        context = pytest.MonkeyPatch.context()

        class Typed:
            def __enter__(self) -> None:
                self.stream = file.open()
                context.__enter__().setattr("sys.stdin", self.stream)

            def __exit__(self, *error: Any) -> None:
                context.__exit__(*error)
                self.stream.close()

        return Typed()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An empty place for an archive, with a workplace of its own."""
    make_hashing_quick(monkeypatch)
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("SONOFILL_STATE", str(tmp_path / "state"))
    return Desk(tmp_path / "a", tmp_path, monkeypatch, capsys)
