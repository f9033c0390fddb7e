"""How the window looks: dark, calm, with targets that a gloved finger meets. Colours by palette, sizes by one small sheet."""

from __future__ import annotations

from PyQt5.QtGui import QColor, QFont, QPalette
from PyQt5.QtWidgets import QApplication

GROUND = "#14181c"
PANEL = "#1b2026"
FIELD = "#10141a"
RAISED = "#2a313a"
TEXT = "#e6e9ec"
QUIET = "#9aa5b1"
ACCENT = "#3d8bfd"
WARNING = "#ffb454"
ALARM = "#ff6b6b"
DONE = "#8fd19e"
TARGET_PX = 44  #: the least height of what is pressed

_SHEET = f"""
QPushButton, QToolButton {{ min-height: {TARGET_PX - 10}px; padding: 4px 12px; border: 1px solid #37404b;
    border-radius: 6px; background: {RAISED}; }}
QPushButton:hover, QToolButton:hover {{ background: #343d48; }}
QPushButton:pressed, QToolButton:pressed {{ background: #222930; }}
QPushButton:checked, QToolButton:checked {{ background: #21476f; border-color: {ACCENT}; }}
QPushButton:disabled, QToolButton:disabled {{ color: #667079; background: #1f252b; border-color: #2a3138; }}
QPushButton:focus, QToolButton:focus {{ border-color: {ACCENT}; }}
QPushButton[role="primary"]:enabled {{ background: #1f5fbf; border-color: {ACCENT}; color: white; }}
QPushButton[role="recording"] {{ background: #7d2a2a; border-color: {ALARM}; color: white; }}
QPushButton[role="rescue"] {{ border-color: {ALARM}; color: {ALARM}; }}
QToolButton[role="page"] {{ border: none; border-radius: 0; background: transparent; padding: 4px 18px;
    border-bottom: 3px solid transparent; color: {QUIET}; }}
QToolButton[role="page"]:checked {{ color: {TEXT}; border-bottom: 3px solid {ACCENT}; }}
QLineEdit {{ min-height: {TARGET_PX - 12}px; padding: 2px 8px; border: 1px solid #37404b;
    border-radius: 6px; background: {FIELD}; }}
QPlainTextEdit {{ padding: 2px 6px; border: 1px solid #37404b; border-radius: 6px; background: {FIELD}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border-color: {ACCENT}; }}
QComboBox, QSpinBox {{ min-height: {TARGET_PX - 4}px; }}
QComboBox QAbstractItemView::item {{ min-height: 32px; }}
QListWidget {{ border: 1px solid #2a3138; border-radius: 6px; background: {FIELD}; outline: none; }}
QListWidget::item {{ padding: 7px 8px; }}
QListWidget[role="steps"]::item {{ min-height: 26px; }}
QSlider::groove:horizontal {{ height: 6px; border-radius: 3px; background: {RAISED}; }}
QSlider::sub-page:horizontal {{ background: {ACCENT}; border-radius: 3px; }}
QSlider::handle:horizontal {{ width: 20px; margin: -8px 0; border-radius: 10px; background: {TEXT}; }}
QLabel[role="heading"] {{ color: {QUIET}; font-weight: bold; }}
QLabel[role="quiet"] {{ color: {QUIET}; }}
QLabel[role="warning"] {{ color: {WARNING}; }}
QWidget[role="bar"] {{ background: {PANEL}; }}
"""


def dress(app: QApplication) -> None:
    """Give the application its style, palette, font and sizes."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.Window, GROUND),
        (QPalette.WindowText, TEXT),
        (QPalette.Base, FIELD),
        (QPalette.AlternateBase, PANEL),
        (QPalette.Text, TEXT),
        (QPalette.Button, RAISED),
        (QPalette.ButtonText, TEXT),
        (QPalette.BrightText, ALARM),
        (QPalette.Highlight, "#21476f"),
        (QPalette.HighlightedText, TEXT),
        (QPalette.ToolTipBase, PANEL),
        (QPalette.ToolTipText, TEXT),
        (QPalette.PlaceholderText, "#76808b"),
        (QPalette.Link, ACCENT),
    ):
        palette.setColor(role, QColor(colour))
    for role in (QPalette.Text, QPalette.WindowText, QPalette.ButtonText):
        palette.setColor(QPalette.Disabled, role, QColor("#667079"))
    app.setPalette(palette)
    font = QFont(app.font())
    font.setPointSizeF(10)
    app.setFont(font)
    app.setStyleSheet(_SHEET)
