"""How makers print a setting: labels, units, languages, decimals; and the value that the print states."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mock_devices.contract import Settings


@dataclass(frozen=True, slots=True)
class Phrase:
    """`label` and `unit` round a number: value * per_unit, with at least (or, if `fixed`, exactly) `decimals` decimals."""

    label: str
    unit: str = ""
    per_unit: float = 1.0
    decimals: int = 0
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One setting as printed: `label` and `number` (with unit) may stand apart; `value` is the number in the key's unit."""

    key: str
    label: str
    number: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A maker's words in one language. `joint` stands between label and number, `before_unit` between number and unit."""

    language: str
    phrases: Mapping[str, Phrase] = field(repr=False)
    joint: str = " "
    before_unit: str = " "
    comma: bool = False

    def say(self, key: str, settings: Settings) -> Said | None:
        """The print for a setting; None where there is nothing to print (no Doppler, no word for it here)."""
        value = setting(key, settings)
        phrase = self.phrases.get(key)
        if value is None or phrase is None:
            return None
        if isinstance(value, str):
            return Said(key, phrase.label, value, value)
        number = decimal(value * phrase.per_unit, phrase.decimals, fixed=phrase.fixed)
        stated = float(number) / phrase.per_unit
        if self.comma:
            number = number.replace(".", ",")
        unit = (self.before_unit if phrase.unit not in ("", "%", "M", "k", "°") else "") + phrase.unit
        return Said(key, phrase.label, number + unit, round(stated, 6))

    def join(self, said: Said) -> str:
        """Label and number in one."""
        return said.number if not said.label else said.label + self.joint + said.number


def decimal(value: float, least: int, *, fixed: bool = False) -> str:
    """A number with as many decimals as it needs (at most 3), and at least `least`; with exactly that many if `fixed`."""
    if fixed:
        return f"{value:.{least}f}"
    for decimals in range(least, 4):
        text = f"{value:.{decimals}f}"
        if abs(float(text) - value) < 1e-6 * max(1.0, abs(value)):
            return text
    return f"{value:.3f}"


def setting(key: str, settings: Settings) -> float | str | None:
    """The value of a read-out key: a field of the settings, or of their Doppler."""
    doppler = settings.spectral or settings.colour
    if key in ("prf_hz", "wall_filter_hz"):
        return None if doppler is None else float(getattr(doppler, key))
    if key == "colour_gain":
        return None if settings.colour is None else float(settings.colour.gain)
    if key == "colour_frequency_mhz":
        return None if settings.colour is None else settings.colour.frequency_mhz
    if key in ("angle_deg", "gate_mm"):
        return None if settings.spectral is None else float(getattr(settings.spectral, key))
    value = getattr(settings, key)
    return value if isinstance(value, str) else float(value)


def _both(mi: str, tis: str, tib: str) -> dict[str, Phrase]:
    return {
        "mechanical_index": Phrase(mi, "", 1, 2, True),
        "thermal_index_soft_tissue": Phrase(tis, "", 1, 2, True),
        "thermal_index_bone": Phrase(tib, "", 1, 2, True),
    }


def _family(labels: str, mi: str = "MI", tis: str = "TIS", tib: str = "TIB") -> dict[str, Phrase]:
    """Labels of depth, frequency, gain, dynamic range, frame rate, focus, PRF, wall filter, angle, gate; '-' for none."""
    depth, frequency, gain, dynamic, rate, focus, prf, wall, angle, gate = (
        "" if word == "-" else word.replace("_", " ") for word in labels.split()
    )
    return _both(mi, tis, tib) | {
        "depth_mm": Phrase(depth, "cm", 0.1, 1),
        "frequency_mhz": Phrase(frequency, "MHz", 1, 1),
        "gain": Phrase(gain, ""),
        "dynamic_range_db": Phrase(dynamic, "dB"),
        "frame_rate_hz": Phrase(rate, "Hz"),
        "focus_mm": Phrase(focus, "cm", 0.1, 1),
        "prf_hz": Phrase(prf, "kHz", 0.001, 1),
        "wall_filter_hz": Phrase(wall, "Hz"),
        "angle_deg": Phrase(angle, "°"),
        "gate_mm": Phrase(gate, "mm"),
        "colour_gain": Phrase(gain, ""),
        "colour_frequency_mhz": Phrase(frequency, "MHz", 1, 1),
        "probe": Phrase(""),
        "preset": Phrase(""),
    }


_FAMILIES: Final[dict[str, dict[str, Phrase]]] = {
    "plain": _family("Depth Freq Gain DR FR Focus PRF WF Angle SV"),
    "terse": _family("D F G DR FR Foc PRF WF AC SV"),
    "short": _family("D Frq Gn DR FR FP PRF WF Ang SV"),
    "capitals": _family("DEPTH FREQ GAIN DR FPS FOCUS PRF FILTER ANGLE GATE"),
    "full": _family("Depth Frequency Gain Dynamic_Range Frame_Rate Focus PRF Wall_Filter Angle Gate"),
    "units": _family("- - Gn Dyn - Foc PRF WF - SV"),
    "fr": _family("Prof. Fréq. Gain PD CI Foc. FRP FP Angle VE", "IM", "ITm", "ITo"),
    "de": _family("Tiefe Freq. Verst. DB BR Fokus PRF WF Winkel SV"),
    "es": _family("Prof. Frec. Gan. RD FC Foco FRP FP Áng. VM", "IM", "ITb", "ITh"),
    "it": _family("Prof. Freq. Guad. GD FR Fuoco PRF FP Angolo VC"),
    "pt": _family("Prof. Freq. Ganho FD FQ Foco PRF FP Âng. VA", "IM", "ITM", "ITO"),
    "zh": _family("深度 频率 增益 动态范围 帧率 焦点 PRF 壁滤波 角度 取样容积"),
}
LANGUAGES: Final = ("fr", "de", "es", "it", "pt", "zh")
ENGLISH: Final = ("plain", "terse", "short", "capitals", "full", "units")


def vocabulary(dice: random.Random, family: str) -> Vocabulary:
    """One maker's habit within a family of words: units, decimals and joints are thrown."""
    phrases = dict(_FAMILIES[family])
    one_decimal = dice.random() < 0.6
    for key in ("mechanical_index", "thermal_index_soft_tissue", "thermal_index_bone"):
        phrases[key] = replace(phrases[key], decimals=1 if one_decimal else 2)
    if dice.random() < 0.25:
        phrases["mechanical_index"] = replace(phrases["mechanical_index"], decimals=2)
    if dice.random() < 0.3:
        for key in ("depth_mm", "focus_mm"):
            phrases[key] = replace(phrases[key], unit="mm", per_unit=1.0, decimals=0)
    elif dice.random() < 0.4:
        phrases["depth_mm"] = replace(phrases["depth_mm"], decimals=0)
    phrases["gain"] = replace(phrases["gain"], unit=dice.choice(["", "", "%", "%", "dB"]))
    phrases["colour_gain"] = replace(phrases["colour_gain"], unit=phrases["gain"].unit)
    if dice.random() < 0.3:
        phrases["frequency_mhz"] = replace(phrases["frequency_mhz"], unit=dice.choice(["M", "MHz"]))
    rate = dice.choice(["Hz", "Hz", "fps", "FPS", ""])
    if not phrases["frame_rate_hz"].label:
        rate = dice.choice(["Hz", "fps"])
    if phrases["frame_rate_hz"].label == "FPS":
        rate = ""
    phrases["frame_rate_hz"] = replace(phrases["frame_rate_hz"], unit=rate)
    if dice.random() < 0.35:
        phrases["dynamic_range_db"] = replace(phrases["dynamic_range_db"], unit="")
    prf = dice.choice([("kHz", 0.001, 1), ("k", 0.001, 1), ("Hz", 1.0, 0)])
    phrases["prf_hz"] = replace(phrases["prf_hz"], unit=prf[0], per_unit=prf[1], decimals=prf[2])
    if dice.random() < 0.4:
        phrases["wall_filter_hz"] = replace(phrases["wall_filter_hz"], unit="")
    joint = dice.choice([" ", " ", ": ", ":", "  ", "="]) if family != "units" else " "
    language = family if family in LANGUAGES else "en"
    comma = language in ("fr", "de", "es", "it", "pt") and dice.random() < 0.75
    return Vocabulary(language, phrases, joint, dice.choice(["", " ", " "]), comma)


BUTTONS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Freeze", "Save", "Depth", "Gain", "Mode", "Measure", "Clip", "More", "Exam", "Print", "Annotate", "Focus"),
    "fr": ("Figer", "Enreg.", "Profondeur", "Gain", "Mode", "Mesure", "Clip", "Plus", "Examen", "Imprimer"),
    "de": ("Freeze", "Speichern", "Tiefe", "Verst.", "Modus", "Messen", "Clip", "Mehr", "Bericht", "Drucken"),
    "es": ("Congelar", "Guardar", "Prof.", "Ganancia", "Modo", "Medir", "Vídeo", "Más", "Informe"),
    "it": ("Blocca", "Salva", "Profondità", "Guadagno", "Modo", "Misura", "Clip", "Altro", "Referto"),
    "pt": ("Congelar", "Salvar", "Prof.", "Ganho", "Modo", "Medir", "Clipe", "Mais", "Exame"),
    "zh": ("冻结", "保存", "深度", "增益", "模式", "测量", "影像", "更多", "检查"),
}
FROZEN: Final[dict[str, str]] = {
    "en": "FROZEN", "fr": "FIGÉ", "de": "EINGEFROREN", "es": "CONGELADO", "it": "BLOCCATO", "pt": "CONGELADO", "zh": "冻结",
}  # fmt: skip
NO_SIGNAL: Final[dict[str, tuple[str, ...]]] = {
    "en": ("No signal", "NO SIGNAL", "Probe not connected", "No input"),
    "fr": ("Pas de signal", "Sonde non connectée"),
    "de": ("Kein Signal", "Sonde nicht verbunden"),
    "es": ("Sin señal", "Sonda no conectada"),
    "it": ("Nessun segnale", "Sonda non collegata"),
    "pt": ("Sem sinal", "Sonda não conectada"),
    "zh": ("无信号", "探头未连接"),
}
EXAMS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("Facial", "Small parts", "Vascular", "MSK", "Carotid", "Aesthetic", "Superficial", "Thyroid", "Nerve"),
    "fr": ("Parties molles", "Vasculaire", "Visage", "Thyroïde"),
    "de": ("Kleinteile", "Gefäße", "Gesicht", "Schilddrüse"),
    "es": ("Partes blandas", "Vascular", "Facial", "Tiroides"),
    "it": ("Parti molli", "Vascolare", "Viso", "Tiroide"),
    "pt": ("Partes moles", "Vascular", "Face", "Tireoide"),
    "zh": ("浅表", "血管", "面部", "甲状腺"),
}
