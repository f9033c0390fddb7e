"""The words of clinical.md, section 6: ours keep to them; a person's own are asked about."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from procedure import wording
from procedure.wording import BANNED, banned_in

ROOT = Path(__file__).parents[2]
#: The rooms whose texts speak of the clinic.
ROOMS = ("annotation", "archive", "audit", "dicom_io", "imaging", "mock_devices", "procedure", "workstation")


def _docstrings(tree: ast.AST) -> set[int]:
    """The nodes of docstrings: they explain the rules to programmers, who have to name what is banned."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def _texts(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "BANNED":
            skipped |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


@pytest.mark.requirement("S26")
@pytest.mark.requirement("S27")
@pytest.mark.requirement("S29")
@pytest.mark.parametrize("room", ROOMS)
def test_no_text_of_the_program_uses_a_banned_phrase(room: str) -> None:
    for path in sorted((ROOT / room).rglob("*.py")):
        for text in _texts(path):
            assert banned_in(text) == (), (path, text)


def test_protocols_rubrics_and_pages_use_no_banned_phrase() -> None:
    found = [path for room in ("procedure", "audit", "workstation") for path in (ROOT / room).rglob("*")]
    files = [path for path in found if path.suffix in (".toml", ".json", ".typ", ".html", ".js", ".css", ".txt")]
    assert len(files) > 12
    for path in files:
        assert banned_in(path.read_text("utf-8")) == (), path


def test_the_lint_finds_each_phrase_of_the_reference() -> None:
    """The lint is shown red on every phrase of section 6."""
    phrases = (
        "safe zone",
        "safe to inject",
        "confirmed not intravascular",
        "no vessel present",
        "rules out",
        "detected",
        "diagnosed",
        "guaranteed",
        "risk-free",
        "eliminates",
        "time left",
        "a safer instrument",
        "lips are low-risk",
    )
    for phrase in phrases:
        assert banned_in(f"This is {phrase.upper()} here."), phrase
    assert all(instead and not banned_in(instead) for instead in BANNED.values())


def test_the_words_that_have_to_stand_there_pass_the_lint() -> None:
    texts = [value for name, value in vars(wording).items() if name.isupper() and isinstance(value, str)]
    assert len(texts) >= 9
    for text in texts:
        assert not banned_in(text), text
