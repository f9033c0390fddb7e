"""Make docs/reference/requirements.md: each requirement with the tests that name it (`@pytest.mark.requirement("S12")`).

python docs/make_requirements.py          write the page
python docs/make_requirements.py --check  exit 1 where the page is not what the marks say
"""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "requirements.md"
LIST = ROOT / "docs" / "reference" / "requirements.toml"


def marks_of(node: ast.AST) -> list[str]:
    """The requirement ids in the decorators of a test or a class of tests."""
    found = []
    for decorator in getattr(node, "decorator_list", []):
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr == "requirement"
        ):
            found += [str(word.value) for word in decorator.args if isinstance(word, ast.Constant)]
    return found


def tests_by_requirement() -> dict[str, list[str]]:
    """Requirement id to 'path::test', in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in marks_of(node):
                test = getattr(node, "name", "")
                found.setdefault(name, []).append(f"{path.relative_to(ROOT).as_posix()}::{test}")
    return found


def page() -> str:
    """The page's text."""
    texts: dict[str, str] = tomllib.loads(LIST.read_text(encoding="utf-8"))
    tests = tests_by_requirement()
    unknown = sorted(set(tests) - set(texts))
    if unknown:
        sys.exit(f"tests name requirements that do not exist: {', '.join(unknown)}")
    lines = [
        "# Requirements and the tests that show them",
        "",
        "Made by `python docs/make_requirements.py` from the marks on the tests. A requirement without a test is not",
        "shown to hold; one with a test may hold in part only: the test says which part.",
        "",
        "| id | requirement | shown by |",
        "| --- | --- | --- |",
    ]
    for name, text in texts.items():
        shown = "<br>".join(f"`{test}`" for test in tests.get(name, [])) or "nothing yet"
        lines.append(f"| {name} | {text} | {shown} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        sys.exit(0 if current else f"{PAGE.name} is out of date: run {__file__}")
    PAGE.write_text(page(), encoding="utf-8")
