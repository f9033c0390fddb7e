"""How the window looks: calm, with targets that a gloved finger meets, dark for a dark room or light for a bright one.

Colours by palette, sizes by one small sheet. Pictures and the words on them are on a dark ground in both: nothing tints an
ultrasound picture. Light and dark are switched while the program runs: a widget names its tone (`say_in`), and the sheet of
the theme says which colour that is. A test holds every pair of text and ground to a contrast of 4.5 (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PyQt5.QtGui import QColor, QFont, QPalette
from PyQt5.QtWidgets import QApplication, QWidget

ThemeName = Literal["dark", "light"]
Tone = Literal["plain", "quiet", "warning", "alarm", "done"]


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. `line` is around what is pressed or typed in; `hover`, `pressed`, `chosen` are its grounds."""

    ground: str
    panel: str
    field: str
    raised: str
    hover: str
    pressed: str
    chosen: str
    idle: str
    line: str
    text: str
    quiet: str
    disabled: str
    accent: str
    warning: str
    alarm: str
    done: str
    primary: str
    recording: str


DARK: Final = Theme(
    ground="#14181c",
    panel="#1b2026",
    field="#10141a",
    raised="#2a313a",
    hover="#343d48",
    pressed="#222930",
    chosen="#21476f",
    idle="#1f252b",
    line="#37404b",
    text="#e6e9ec",
    quiet="#9aa5b1",
    disabled="#667079",
    accent="#3d8bfd",
    warning="#ffb454",
    alarm="#ff7b7b",
    done="#8fd19e",
    primary="#1f5fbf",
    recording="#7d2a2a",
)
LIGHT: Final = Theme(
    ground="#eef1f4",
    panel="#f8f9fb",
    field="#ffffff",
    raised="#e3e8ed",
    hover="#d8dfe6",
    pressed="#c9d2db",
    chosen="#bcd7fb",
    idle="#edf0f3",
    line="#a3adb8",
    text="#14181c",
    quiet="#4a5561",
    disabled="#7f8993",
    accent="#0b57d0",
    warning="#7a4a00",
    alarm="#a8201a",
    done="#1b6130",
    primary="#1f5fbf",
    recording="#a8201a",
)
THEMES: Final[dict[ThemeName, Theme]] = {"dark": DARK, "light": LIGHT}

# On pictures, whatever the theme: their words stand on a dark plate.
TEXT, QUIET, ACCENT = DARK.text, DARK.quiet, DARK.accent
WARNING, ALARM, DONE = DARK.warning, DARK.alarm, DARK.done
TARGET_PX = 44  #: the least height of what is pressed

_NOW: list[Theme] = [DARK]


def _sheet(c: Theme) -> str:
    return f"""
QPushButton, QToolButton {{ min-height: {TARGET_PX - 10}px; padding: 4px 12px; border: 1px solid {c.line};
    border-radius: 6px; background: {c.raised}; }}
QPushButton:hover, QToolButton:hover {{ background: {c.hover}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {c.pressed}; }}
QPushButton:checked, QToolButton:checked {{ background: {c.chosen}; border-color: {c.accent}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {c.disabled}; background: {c.idle}; border-color: {c.idle}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {c.accent}; }}
QPushButton[role="primary"]:enabled {{ background: {c.primary}; border-color: {c.accent}; color: white; }}
QPushButton[role="recording"] {{ background: {c.recording}; border-color: {c.alarm}; color: white; }}
QPushButton[role="rescue"] {{ border-color: {c.alarm}; color: {c.alarm}; }}
QToolButton[role="page"] {{ border: none; border-radius: 0; background: transparent; padding: 4px 18px;
    border-bottom: 3px solid transparent; color: {c.quiet}; }}
QToolButton[role="page"]:checked {{ color: {c.text}; border-bottom: 3px solid {c.accent}; }}
QLineEdit {{ min-height: {TARGET_PX - 12}px; padding: 2px 8px; border: 1px solid {c.line};
    border-radius: 6px; background: {c.field}; }}
QPlainTextEdit {{ padding: 2px 6px; border: 1px solid {c.line}; border-radius: 6px; background: {c.field}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {c.accent}; }}
QComboBox, QSpinBox {{ min-height: {TARGET_PX - 4}px; }}
QComboBox QAbstractItemView::item {{ min-height: 32px; }}
QListWidget {{ border: 1px solid {c.idle}; border-radius: 6px; background: {c.field}; outline: none; }}
QListWidget::item {{ padding: 7px 8px; }}
QListWidget[role="steps"]::item {{ min-height: 26px; }}
QSlider::groove:horizontal {{ height: 6px; border-radius: 3px; background: {c.raised}; }}
QSlider::sub-page:horizontal {{ background: {c.accent}; border-radius: 3px; }}
QSlider::handle:horizontal {{ width: 20px; margin: -8px 0; border-radius: 10px; background: {c.text}; }}
QLabel[role="heading"] {{ color: {c.quiet}; font-weight: bold; }}
QLabel[role="quiet"], QLabel[tone="quiet"] {{ color: {c.quiet}; }}
QLabel[role="warning"], QLabel[tone="warning"] {{ color: {c.warning}; }}
QLabel[tone="alarm"] {{ color: {c.alarm}; }}
QLabel[tone="done"] {{ color: {c.done}; }}
QWidget[role="bar"] {{ background: {c.panel}; }}
"""


def dress(app: QApplication, theme: ThemeName = "dark") -> None:
    """Give the application its style, palette, font and sizes; again while it runs, to switch between light and dark."""
    c = _NOW[0] = THEMES[theme]
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.Window, c.ground),
        (QPalette.WindowText, c.text),
        (QPalette.Base, c.field),
        (QPalette.AlternateBase, c.panel),
        (QPalette.Text, c.text),
        (QPalette.Button, c.raised),
        (QPalette.ButtonText, c.text),
        (QPalette.BrightText, c.alarm),
        (QPalette.Highlight, c.chosen),
        (QPalette.HighlightedText, c.text),
        (QPalette.ToolTipBase, c.panel),
        (QPalette.ToolTipText, c.text),
        (QPalette.PlaceholderText, c.disabled),
        (QPalette.Link, c.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (QPalette.Text, QPalette.WindowText, QPalette.ButtonText):
        palette.setColor(QPalette.Disabled, role, QColor(c.disabled))
    app.setPalette(palette)
    font = QFont(app.font())
    font.setPointSizeF(10)
    app.setFont(font)
    app.setStyleSheet(_sheet(c))


def dressed() -> ThemeName:
    """The theme that is on now."""
    return "light" if _NOW[0] is LIGHT else "dark"


def colour(tone: Tone) -> str:
    """The colour of a tone in the theme that is on now, for what is painted by hand on a page's own ground."""
    now = _NOW[0]
    tones: dict[Tone, str] = {
        "plain": now.text,
        "quiet": now.quiet,
        "warning": now.warning,
        "alarm": now.alarm,
        "done": now.done,
    }
    return tones[tone]


def say_in(widget: QWidget, tone: Tone) -> None:
    """A label says what it says in this tone, in whatever theme."""
    mark(widget, "tone", tone)


def mark(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the sheet asks for (`role`, `tone`), and let the widget look so."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
