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
PLACES = ROOT / "docs" / "reference" / "requirement_places.toml"


def marks_of(node: ast.AST) -> list[str]:
    """The requirement ids in the decorators of a test or a class of tests."""
    return [name for decorator in getattr(node, "decorator_list", []) for name in named_in(decorator)]


def named_in(mark: ast.AST) -> list[str]:
    """The requirement ids of one mark; none where it is another mark."""
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "requirement":
        return [str(word.value) for word in mark.args if isinstance(word, ast.Constant)]
    return []


def marks_of_file(tree: ast.Module) -> list[str]:
    """The requirement ids in a file's `pytestmark`, which is one mark or a list of them, for every test in it."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            return [name for mark in marks for name in named_in(mark)]
    return []


def tests_by_requirement() -> dict[str, list[str]]:
    """Requirement id to 'path::test', in the order of the files."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_file = marks_of_file(tree)
        for node in ast.walk(tree):
            test = str(getattr(node, "name", ""))
            whole = of_file if node in tree.body and test.startswith(("test_", "Test")) else []
            for name in dict.fromkeys([*whole, *marks_of(node)]):
                found.setdefault(name, []).append(f"{path.relative_to(ROOT).as_posix()}::{test}")
    return found


def page() -> str:
    """The page's text."""
    texts: dict[str, str] = tomllib.loads(LIST.read_text(encoding="utf-8"))
    places: dict[str, dict[str, str]] = tomllib.loads(PLACES.read_text(encoding="utf-8"))
    tests = tests_by_requirement()
    unknown = sorted(set(tests) - set(texts)) + sorted(set(places) - set(texts))
    if unknown:
        sys.exit(f"requirements that do not exist are named: {', '.join(unknown)}")
    lines = [
        "# Requirements and the tests that show them",
        "",
        "Made by `python docs/make_requirements.py` from the marks on the tests and from `requirement_places.toml`. A",
        "requirement without a test is not shown to hold; one with a test may hold in part only: the test says which part,",
        "and what is known not to be there yet stands in its row.",
        "",
    ]
    for letter, heading in (
        ("C", "What was asked for"),
        ("S", "What the course expects"),
        ("N", "What nobody has in full"),
    ):
        mine = [name for name in texts if name.startswith(letter)]
        lines += [f"## {heading}", ""]
        if letter == "S":
            lacking = [name for name in mine if places[name]["lacks"] or name not in tests]
            lines += [
                f"{len(mine) - len(lacking)} of {len(mine)} have their place in the encounter as typed data and a test, and",
                "nothing that is known to be missing; what the others lack stands in their rows. The demonstration makes whole",
                "encounters (`sonofill demo`); in the window the same record is filled as it happens.",
                "",
                "| id | requirement | its place in the record | not there yet | shown by |",
                "| --- | --- | --- | --- | --- |",
            ]
        else:
            lines += ["| id | requirement | shown by |", "| --- | --- | --- |"]
        for name in mine:
            shown = f"[tests](#tests-of-{name.lower()})" if name in tests else "nothing yet"
            where = f" {places[name]['place']} | {places[name]['lacks']} |" if letter == "S" else ""
            lines.append(f"| {name} | {texts[name]} |{where} {shown} |")
        lines.append("")
    # A test has a line of its own: two branches that add tests to one requirement then merge by themselves.
    for name in (name for name in texts if name in tests):
        lines += [f"## Tests of {name}", "", *(f"- `{test}`" for test in tests[name]), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        sys.exit(0 if current else f"{PAGE.name} is out of date: run {__file__}")
    PAGE.write_text(page(), encoding="utf-8")
