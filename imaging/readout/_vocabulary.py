"""What screens call their settings, in the languages that probes speak.

Spellings are those of the makers' user manuals and of the standard's own words (IEC 62359: MI, TIS, TIB, TIC). Where one
spelling means different things in two languages (ITB: bone in one, soft tissue in another) it stands nowhere here.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Group = Literal["b", "colour", "spectral", "m"]

#: Spellings that are read whatever their case, longest first when they are matched.
_LONG: Final[dict[str, tuple[str, ...]]] = {
    "depth_mm": (
        "depth",
        "dpth",
        "dep",
        "dpt",
        "profondeur",
        "profondità",
        "profondita",
        "profundidad",
        "profundidade",
        "img depth",
        "image depth",
        "scan depth",
        "b depth",
        "2d depth",
        "prof",
        "tiefe",
        "eindringtiefe",
        "diepte",
        "djup",
        "dybde",
        "głębokość",
        "hloubka",
        "derinlik",
        "глубина",
        "глуб",
        "głęb",
        "深度",
    ),
    "gain": (
        "gain",
        "2d gain",
        "gain b",
        "gain 2d",
        "gain (b)",
        "gain(b)",
        "2d-gain",
        "b gain",
        "b-gain",
        "bgain",
        "2dgain",
        "ganancia",
        "ganho",
        "guadagno",
        "guad",
        "verstärkung",
        "verstarkung",
        "verstaerkung",
        "verst",
        "versterking",
        "förstärkning",
        "wzmocnienie",
        "wzm",
        "gananc",
        "gan",
        "kazanç",
        "усиление",
        "усил",
        "增益",
    ),
    "frequency_mhz": (
        "frequency",
        "frequenz",
        "fréquence",
        "frequence",
        "frequenza",
        "frecuencia",
        "frequência",
        "frequencia",
        "freq",
        "fréq",
        "frec",
        "frq",
        "fra",
        "frg",
        "frekans",
        "частота",
        "част",
        "频率",
    ),
    "frame_rate_hz": (
        "frame rate",
        "framerate",
        "frame-rate",
        "frm rate",
        "frm. rate",
        "f.rate",
        "f. rate",
        "f rate",
        "frame freq",
        "framefrequenz",
        "cadencia",
        "frequenza fotogrammi",
        "fps",
        "f/s",
        "bildrate",
        "bildfrequenz",
        "cadence",
        "cadence image",
        "taxa de quadros",
        "fotogramas/s",
        "bilder/s",
        "к/с",
        "images/s",
        "ips",
        "frate",
        "帧率",
        "帧速",
        "帧频",
    ),
    "dynamic_range_db": (
        "dynamic range",
        "dynamic",
        "dyn range",
        "dyn. range",
        "dyn rng",
        "dyn r",
        "dynr",
        "dynrange",
        "dyn rg",
        "dyn",
        "drng",
        "dynamik",
        "dynamikbereich",
        "dynamikumfang",
        "dyn. bereich",
        "dyn bereich",
        "dyn.bereich",
        "dyn. umfang",
        "plage dyn",
        "plage dynamique",
        "gamme dyn",
        "gamma dinamica",
        "rango dinámico",
        "rango dinamico",
        "rango din",
        "faixa dinâmica",
        "faixa din",
        "zakres dyn",
        "дин. диапазон",
        "дд",
        "动态范围",
        "动态",
    ),
    "focus_mm": ("focus", "foc", "fcs", "fokus", "foyer", "focale", "fuoco", "foco", "焦点"),
    "prf_hz": ("prf", "frp"),
    "wall_filter": ("wall filter", "wallfilter", "wall", "wmf", "wandfilter", "filtre de paroi", "壁滤波"),
    "acoustic_power_percent": (
        "acoustic power",
        "acoustic output",
        "ac. power",
        "power",
        "pwr",
        "ao%",
        "leistung",
        "sendeleistung",
        "puissance",
        "puiss",
        "potenza",
        "potencia",
        "potência",
        "声功率",
        "功率",
    ),
    "doppler_gain": (
        "gain c",
        "gain cf",
        "gain (c)",
        "gain color",
        "gain colour",
        "gain d",
        "gain pw",
        "gain doppler",
        "doppler gain",
        "doppler-gain",
        "d gain",
        "d-gain",
        "pw gain",
        "pw-gain",
        "cf gain",
        "cf-gain",
        "cfm gain",
        "power gain",
        "m gain",
        "m-gain",
    ),
    "mechanical_index": ("mech. index", "mechanical index", "imec", "机械指数"),
}

#: Short spellings of one language that mean something else, or nothing, in another: they count where their unit stands, or
#: where the screen has other words that are not English (Dynamikbereich, plage dynamique, gamma dinamica; Bildrate,
#: cadence d'images, taxa de quadros).
_DYNAMIC_RANGE_ABROAD: Final = ("DB", "PD", "GD", "FD")
_FRAME_RATE_ABROAD: Final = ("BR", "CI", "Cl", "TQ")
ABROAD: Final = frozenset({*_DYNAMIC_RANGE_ABROAD, *_FRAME_RATE_ABROAD})
_ENGLISH: Final = re.compile(
    r"M[^a-z]|TI?[sbcSBC]|.*(?:depth|dpth|gain|freq|frq|frame|frm|fps|rate|dyn|focus|foc|prf|wall|wmf|power|pwr|ao|mech)|"
    r"dep|dpt|f/s",
    re.IGNORECASE,
)


def not_english(label: str) -> bool:
    """Whether a label is a word of another language: 'Tiefe', 'IM', 'Prof', '深度'."""
    if len(label) <= 2:
        return label in ("IM", "lM")
    return (not _ENGLISH.match(label) and not label.isupper()) or label[:2] in ("IT", "lT")


#: Short ones, as they are printed. `[I1l|!]` are what an OCR makes of a capital I.
_SHORT: Final[dict[str, tuple[str, ...]]] = {
    "mechanical_index": (r"M[I1l|!íÍ]", r"M\.[I1l|]\.?", r"[I1l|]M", r"[I1l|]Mec"),
    "thermal_index_soft_tissue": (
        r"T\.[I1l|]\.[Ss]\.?",
        r"[Tt][I1l|!íÍi][SsWw]",
        r"[I1l|]T[mMtT]",
        r"T[I1l]\s?\(?[Ss]\)?(?=[\s:=])",
    ),
    "thermal_index_bone": (r"T\.[I1l|]\.[Bb]\.?", r"[Tt][I1l|!íÍi][bBkK]", r"[I1l|]T[oOhH]s?"),
    "thermal_index_cranial": (r"T\.[I1l|]\.[Cc]\.?", r"[Tt][I1l|!íÍi][cC]", r"[I1l|]T[cC]"),
    "depth_mm": ("DEP", "Dp", "DP", "De", "DE", "D"),
    "gain": ("2D ?G[Nn]?", "2DG[Nn]?", "BG[Nn]?", "B G[Nn]?", "G[Nn]", "Ga", "G"),
    "frequency_mhz": (r"F\s?[.:]?\s?H(?=\s?\d)", "Fq", "FQ", "F"),
    "frame_rate_hz": ("FR", "Fr", "F\\.R\\.?", *_FRAME_RATE_ABROAD),
    "dynamic_range_db": (r"DR", r"D\.R\.?", r"DNR", r"RD", r"R\.D\.?", "BD", *_DYNAMIC_RANGE_ABROAD),
    "focus_mm": ("FP", "Fc"),
    "wall_filter": (r"W\.?F\.?",),
    "acoustic_power_percent": ("AP", "AO", "A0", "Pw", "PW?R", "P"),
    "doppler_gain": (r"C ?G[Nn]?", r"CF ?G[Nn]?", r"C[- ]?[Gg]ain", r"[Cc]olou?r [Gg]ain", r"P[WD]? ?G[Nn]?", r"DG"),
    "other": (
        r"TGC",
        r"SV",
        r"Size",
        r"SV ?[Dd]epth",
        r"Angle",
        r"Ang",
        r"Base ?line",
        r"Zoom",
        r"Persist",
        r"Map",
        r"HR",
        r"ID",
        r"ENH",
        r"Enh",
        r"PRS",
        r"PST",
        r"PRC",
        r"XV",
        r"Steer",
        r"Gate",
        r"Dist",
        r"Diam",
        r"Area",
        r"Circ",
        r"Vol",
        r"Foc(?:al)? ?(?:zones?|num(?:ber)?|#)",
        r"Frame(?: ?#| no\.?)",
        r"F[Rr] ?#",
        r"Frm ?Avg",
        r"Pic",
        r"IM ?#",
    ),
}

#: What only the Doppler of a machine has: a block of settings with these and without the B picture's own is Doppler's.
DOPPLER_ONLY: Final = re.compile(r"\b(?:PRF|FRP|W\.?M?F|SV|Angle|Winkel|Baseline|Wall|CW|PW)\b|cm/s", re.IGNORECASE)
PICTURE_ONLY: Final = frozenset({"dynamic_range_db", "frame_rate_hz", "mechanical_index", "thermal_index_soft_tissue"})

_B: Final = r"B|2D|2-D|B[- ]?MODE|2D[- ]?MODE|B[- ]?BILD|MODE B|MODO B|B模式|BW|BI?W"
_COLOUR: Final = (
    r"C|CF|CFM|CD|CDI|CFI|CDV|COLOU?R|COLOU?R[- ]?(?:MODE|DOPPLER|FLOW)|FARBE|FARBDOPPLER|COULEUR|COLORE|"
    r"CPA|PD|PDI|DPI|DPD|POWER|ANGIO|PWR DOPP(?:LER)?|SMI|ADF|MVI|TVI|C模式|彩色"
)
_SPECTRAL: Final = r"D|PW|PWD|CW|CWD|PW[- ]?MODE|DOPPLER|SPECTRAL|TD|TDI|PW模式"
_M: Final = r"M|MM|M[- ]?MODE|MODE M|TM"
_WORDS_OF_GROUPS: Final[tuple[tuple[Group, str], ...]] = (
    ("b", _B),
    ("colour", _COLOUR),
    ("spectral", _SPECTRAL),
    ("m", _M),
)
HEADINGS: Final[tuple[tuple[Group, re.Pattern[str]], ...]] = tuple(
    (group, re.compile(rf"[\[(<]?\s*(?:{words})(?![^\W_])\s*[\])>]?\s*[:.]?", re.IGNORECASE))
    for group, words in _WORDS_OF_GROUPS
)


def _before(word: str, index: bool) -> str:
    """What may not stand right before a short label: a slash not before one letter ('E/A'), but before two ('0 dB/DR 60')."""
    if index:
        return r"[^\W\d]|[/\-^]"
    return r"[\w\-^]" if re.match(r"[A-Z]{2}", word) else r"[\w/\-^]"


def _loosely(word: str) -> str:
    """The word, its blanks there or not: an OCR loses them."""
    return re.escape(word).replace(r"\ ", r"\s?")


def _label_pattern() -> re.Pattern[str]:
    """One pattern with a named part for each setting; the longest spelling wins."""
    parts: list[tuple[int, str]] = []
    for number, (key, words) in enumerate(_LONG.items()):
        parts += [
            (len(word), f"(?P<L{number}_{index}_{key}>(?<![^\\W\\d_])(?i:{_loosely(word)})(?![^\\W\\d_]))")
            for index, word in enumerate(words)
        ]
    for number, (key, words) in enumerate(_SHORT.items()):
        # Not the end of a word, nor of 'S/D', '2D' or '12L-D'; an index may follow a number closely ('TIS 0.6MI 1.2').
        index_of = key.endswith(("_index", "_tissue", "_bone", "_cranial"))
        parts += [
            (
                min(len(word), 3),
                f"(?P<S{number}_{index}_{key}>(?<!{_before(word, index_of)})(?:{word})(?!(?![OoIl][.,]\\d)[^\\W\\d_]))",
            )
            for index, word in enumerate(words)
        ]
    parts.sort(key=lambda part: -part[0])
    return re.compile("|".join(pattern for _, pattern in parts))


LABEL: Final = _label_pattern()


def label_key(match: re.Match[str]) -> str:
    """The setting that a match of LABEL names."""
    return str(match.lastgroup).split("_", 2)[2]
