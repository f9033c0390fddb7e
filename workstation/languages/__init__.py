"""Languages by Qt's own means: English in the code, another one in `sonofill_XX.ts` beside this file, compiled to `.qm`.

A text that a person reads goes through `tr` where it is shown, not where a table holds it: tables are made before the
language is known. `python -m workstation.languages.compile` compiles what was edited (with Qt Linguist, or by hand).
Translated are the pages Scan and Label and the bar above all pages; names of anatomy stay as the vocabulary has them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt5.QtCore import QCoreApplication, QLibraryInfo, QTranslator

FOLDER: Final = Path(__file__).parent
CONTEXT: Final = "sonofill"


def tr(text: str) -> str:
    """The text in the language of the program; as it is where there is no translation."""
    return str(QCoreApplication.translate(CONTEXT, text))


def speak(app: QCoreApplication, language: str) -> list[QTranslator]:
    """From now on `tr` and Qt's own buttons speak this language; before any window is made. Returns what was installed.

    Raises FileNotFoundError where there is no such language.
    """
    if language == "en":
        return []
    ours, qts = QTranslator(app), QTranslator(app)
    if not ours.load(str(FOLDER / f"sonofill_{language}.qm")):
        raise FileNotFoundError(f"There is no translation sonofill_{language}.qm in {FOLDER}.")
    qts.load(f"qtbase_{language}", QLibraryInfo.location(QLibraryInfo.TranslationsPath))  # English buttons without it
    for translator in (qts, ours):
        app.installTranslator(translator)
    return [qts, ours]


__all__ = ["CONTEXT", "FOLDER", "speak", "tr"]
