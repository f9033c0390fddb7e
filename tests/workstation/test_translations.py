"""What is translated is whole: each text of the code has its German, with the same places to fill, and it is compiled."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

from workstation.languages import FOLDER

ROOM = Path(__file__).parents[2] / "workstation"


def german() -> dict[str, str]:
    messages = ElementTree.parse(FOLDER / "sonofill_de.ts").iter("message")
    return {message.findtext("source", ""): message.findtext("translation", "") for message in messages}


def said_in_the_code() -> set[str]:
    """Every text that `tr` is called with as it stands."""
    texts = set()
    for path in ROOM.rglob("*.py"):
        code = path.read_text("utf-8")
        for node in ast.walk(ast.parse(code)) if "import tr" in code or ", tr\n" in code else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                (text,) = node.args
                if isinstance(text, ast.Constant):
                    texts.add(str(text.value))
    return texts


def test_every_text_has_its_german_with_the_same_places_to_fill() -> None:
    known = german()
    assert len(said_in_the_code()) > 90
    assert not said_in_the_code() - known.keys()
    for source, text in known.items():
        assert text and sorted(re.findall(r"\{\w*\}", source)) == sorted(re.findall(r"\{\w*\}", text)), source
