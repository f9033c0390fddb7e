"""The file of settings: strict, published as a schema, and what is wrong in it is said with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.people import Role
from workstation.settings import (
    FootSwitchSettings,
    Person,
    PressSettings,
    Settings,
    SettingsUnreadable,
    SpoolSettings,
    load_settings,
    save_settings,
)
from workstation.settings.places import line_of
from workstation.settings.schema import settings_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "settings.schema.json"


def test_the_published_schema_is_that_of_the_program() -> None:
    """`python -m workstation.settings.schema > docs/reference/settings.schema.json` makes it."""
    assert json.loads(PUBLISHED.read_text("utf-8")) == settings_schema()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{\n "theme": "light",\n "presses": {\n  "short": "jump"\n }\n}', "line 4: presses.short: Input should be"),
        (
            '{"people": [\n {"name": "A"},\n {"name": "B",\n  "role": "cook"}]}',
            "line 4: people.1.role: Input should be",
        ),
        ('{\n "foot_swich": {"port": "COM3"}}', "line 2: foot_swich: Extra inputs are not permitted"),
        ('{\n "foot_switch": {"baud": 9600}}', "line 2: foot_switch.port: Field required"),
        ('{"theme":\n "dark",}', "Invalid JSON: trailing comma at line 2 column 9"),
        ('{"operator": "Nobody"}', "operator is the name of one of the people"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsUnreadable) as caught:
        load_settings(path)
    assert told in str(caught.value) and str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_written_is_read_again_and_says_only_what_differs(tmp_path: Path) -> None:
    settings = Settings(
        theme="light",
        presses=PressSettings(long="freeze"),
        foot_switch=FootSwitchSettings(port="COM3", long_s=1.2),
        spool=SpoolSettings(minutes=30),
        people=(Person(name="A. Vogel", role=Role.TRAINEE, registration_number="17"), Person(name="Łukasz")),
        operator="Łukasz",
    )
    path = tmp_path / "new" / "settings.json"
    save_settings(settings, path)
    assert load_settings(path) == settings
    assert json.loads(path.read_text("utf-8"))["presses"] == {"long": "freeze"}
    assert load_settings(tmp_path / "none.json") == Settings()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=4), inner, max_size=3),
        max_leaves=8,
    )
)
def test_every_key_of_any_json_is_found_in_its_line(document: object) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=False)

    def walk(inside: object, path: tuple[str | int, ...]) -> None:
        if isinstance(inside, dict):
            for key, value in inside.items():
                line = line_of(text, (*path, key))
                assert line is not None and text.splitlines(keepends=False) is not None
                assert json.dumps(key, ensure_ascii=False) + ":" in text.split("\n")[line - 1]
                walk(value, (*path, key))
        elif isinstance(inside, list):
            for place, value in enumerate(inside):
                walk(value, (*path, place))

    walk(document, ())
