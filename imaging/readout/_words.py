"""What screens call their settings, in the languages that probes speak.

Spellings are those of the makers' user manuals and of the standard's own words (IEC 62359: MI, TIS, TIB, TIC). Where one
spelling means different things in two languages (ITB: bone in one, soft tissue in another) it stands nowhere here.
"""

from __future__ import annotations

import re
from typing import Final


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(","))


#: Spellings that are read whatever their case; the longest is matched first.
LONG: Final[dict[str, tuple[str, ...]]] = {
    "depth_mm": _listed(
        "tf, pr, bildtiefe, prof. imag, prof. image, prof. imagen, prof. immagine, prof. d'image, profondeur d'image, "
        "b-depth, depth, dpth, dep, dpt, profondeur, profondità, profondita, profundidad, profundidade, img depth, "
        "image depth, scan depth, b depth, 2d depth, prof, tiefe, eindringtiefe, diepte, djup, dybde, głębokość, "
        "hloubka, derinlik, глубина, глуб, głęb, profund, syvyys, mélység, adâncime, max depth, view depth, display depth, "
        "img. depth, total depth, tot. depth, tot.depth, range, 深度, 深さ"
    ),
    "gain": _listed(
        "vst, gain général, gain général., gain génér, gain gén, gain global, gain total, gain b-mode, gain mode b, "
        "total gain, gesamtverstärkung, gesamtverst, verstärk, b-verst, 2d-verst, amplif, amplification, ganancia "
        "total, ゲイン, ganancia 2d, ganancia b, ganho geral, ganho 2d, guadagno b, guadagno 2d, gain, 2d gain, gain b, gain "
        "2d, gain (b), gain(b), 2d-gain, b gain, b-gain, bgain, 2dgain, ganancia, ganho, guadagno, guad, verstärkung, "
        "verstarkung, verstaerkung, verst, versterking, forstærkning, forsterkning, vahvistus, erősítés, zisk, "
        "zesílení, overall gain, master gain, tot. gain, rx gain, förstärkning, wzmocnienie, wzm, gananc, gan, kazanç, "
        "усиление, усил, 增益"
    ),
    "frequency_mhz": _listed(
        "freq b, freq. b, freq 2d, freq. 2d, fréq b, fréq. b, frq b, frq 2d, frequenz b, sendefrequenz, sendefreq, "
        "frequ, tx freq, tx, b-freq, b-frq, 2d-freq, frequency, frequenz, fréquence, frequence, frequenza, "
        "frecuencia, frequência, frequencia, frekvens, frekvence, frekvencia, frekv, frecvență, częst, częstotliwość, "
        "taajuus, center freq, centre freq, img. freq, probe freq, freq, fréq, frec, frq, fra, frg, frekans, частота, "
        "част, fre, 频率, 周波数"
    ),
    "frame_rate_hz": _listed(
        "frrate, fr rate, fr. rate, acq. rate, acq rate, cuadros, billedfrekvens, "
        "rate, frame, f-rate, bild/s, b/s, i/s, freq. immagine, frequenza immagine, freq. quadro, freq. quadri, freq. "
        "fotogrammi, fréq. image, fréq. images, fréq. d'images, fréquence image, frec. imagen, frec. imág, frec. "
        "cuadros, frecuencia de cuadros, fq. imág, fq. imag, taux d'images, cuadros/s, quadros/s, fot./s, fot/s, "
        "img/s, im/s, cad, beeldfrequentie, beelden/s, frame rate, framerate, frame-rate, frm rate, frm. rate, fm "
        "rate, frn rate, f.rate, f. rate, f rate, frame freq, framefrequenz, cadencia, frequenza fotogrammi, fps, "
        "f/s, bildrate, bildfrequenz, cadence, cadence image, taxa de quadros, fotogramas/s, bilder/s, к/с, images/s, "
        "ips, frate, フレームレート, 帧率, 帧速, 帧频"
    ),
    "dynamic_range_db": _listed(
        "log comp, log comp., log compression, compression, compr, comp, dyn.r, dyn. r, dyn.rng, d.rng, rango d, "
        "rango d., "
        "dynamique, dinamica, dinámica, dinâmica, dinámico, dinamico, gama din, gama dinámica, gama dinâmica, gamma "
        "din, plage, plg dyn, dyn.-ber, dyn.ber, dyn.-bereich, din, d. range, dyn. rng, dynamic range, dynamic, dyn "
        "range, dyn. range, dyn rng, dyn r, dynr, dynrange, dyn rg, dyn, drng, dynamik, dynamikbereich, "
        "dynamikumfang, dyn. bereich, dyn bereich, dyn.bereich, dyn. umfang, plage dyn, plage dynamique, gamme dyn, "
        "gamma dinamica, rango dinámico, rango dinamico, rango din, faixa dinâmica, faixa din, zakres dyn, дин. "
        "диапазон, дд, drange, ダイナミックレンジ, 动态范围, 动态"
    ),
    "focus_mm": _listed("focus, foc, fcs, fokus, foyer, focale, fuoco, foco, 焦点"),
    "prf_hz": _listed("prf, frp"),
    "wall_filter": _listed("wall filter, wallfilter, wall, wmf, wandfilter, filtre de paroi, 壁滤波"),
    "acoustic_power_percent": _listed(
        "acoustic power, acoustic output, ac. power, power, pwr, ao%, leistung, sendeleistung, puissance, puiss, "
        "potenza, potencia, potência, 声功率, 功率"
    ),
    "doppler_gain": _listed(
        "彩色增益, f-verst, f-verst., gain couleur, gain coul, guadagno colore, ganancia color, ganancia doppler, ganho cor, "
        "farbverst, "
        "farbverstärkung, doppler-verst, color gain, colour gain, gain c, gain cf, gain (c), gain color, gain colour, "
        "gain d, gain pw, gain doppler, doppler gain, doppler-gain, d gain, d-gain, pw gain, pw-gain, cf gain, "
        "cf-gain, cfm gain, power gain, m gain, m-gain"
    ),
    "doppler_frequency": tuple(
        f"{whose} {word}"
        for whose in ("power", "pwr", "color", "colour", "doppler", "farbe", "couleur", "colore")
        for word in ("frequency", "freq.", "freq", "frq", "fréq", "frequenz", "frequenza")
    ),
    "mechanical_index": _listed(
        "índ. mec, ind. mec, índice mecánico, indice mecanico, indice meccanico, indice mécanique, mechanischer "
        "index, mech. index, mechanical index, imec, 机械指数"
    ),
}

#: Pictures a second as a unit behind the number.
FRAMES_A_SECOND: Final = (
    r"(?i:fps|frames?/s(?:ec)?|fr/s|f/s|B/s|i/s|im/s|img/s|images?/s|imág/s|Bild(?:er)?/s|fot(?:\.|ogramas|ogrammi)?/s|"
    r"[qc]uadros/s|beelden/s|[kк]/[cс])"
)

#: Short spellings of one language that mean something else, or nothing, in another: they count where their unit stands, or
#: where the screen has other words that are not English (Dynamikbereich, plage dynamique, gamma dinamica; Bildrate,
#: cadence d'images, taxa de quadros).
_DYNAMIC_RANGE_ABROAD: Final = ("DB", "PD", "GD", "FD")
_FRAME_RATE_ABROAD: Final = ("BR", "CI", "Cl", "TQ")
_WORDS_ABROAD: Final = tuple(cased for word in ("din", "cad") for cased in (word, word.upper(), word.title()))
ABROAD: Final = frozenset({*_DYNAMIC_RANGE_ABROAD, *_FRAME_RATE_ABROAD, "F.D.", "F.D", *_WORDS_ABROAD})
#: Words that many things have: they count where the number has the setting's unit beside it.
WITH_UNIT: Final = frozenset(
    {"rate", "frame", "tx", "plage", "pr", "v", "range", "fre", "comp", "compr", "compression"}
)
_ENGLISH: Final = re.compile(
    r"M[^a-z]|TI?[sbcSBC]|.*(?:depth|dpth|gain|freq|frq|frame|frm|fps|rate|dyn|focus|foc|prf|wall|wmf|power|pwr|ao|mech)|"
    r"dep|dpt|f/s",
    re.IGNORECASE,
)


def not_english(label: str) -> bool:
    """Whether a label is a word of another language: 'Tiefe', 'IM', 'Prof', '深度'."""
    if len(label) <= 2:
        return label in ("IM", "lM")
    if label in ABROAD:
        return False
    return (not _ENGLISH.match(label) and not label.isupper()) or label[:2] in ("IT", "lT")


#: Short ones, as they are printed. `[I1l|!]` are what an OCR makes of a capital I.
SHORT: Final[dict[str, tuple[str, ...]]] = {
    "mechanical_index": (r"M[I1l|!íÍ]", r"M\.[I1l|]\.?", r"[I1l|]M", r"[I1l|]Mec"),
    "thermal_index_soft_tissue": (
        r"T\.[I1l|]\.[Ss]\.?",
        r"[Tt][I1l|!íÍi][SsWw]",
        r"[I1l|]T[mMtTsS]",
        r"itm",
        r"T[I1l]\s?[(-]?[Ss]\)?(?=[\s:=])",
    ),
    "thermal_index_bone": (
        r"T\.[I1l|]\.[Bb]\.?",
        r"[Tt][I1l|!íÍi][bBkK]",
        r"[I1l|]T[oOhH]s?",
        r"ito",
        r"T[I1l]\s?(?:\([Bb]\)|-[Bb])(?=[\s:=])",
    ),
    "thermal_index_cranial": (
        r"T\.[I1l|]\.[Cc]\.?",
        r"[Tt][I1l|!íÍi][cC]",
        r"[I1l|]T[cC]",
        r"itc",
        r"T[I1l]\s?(?:\([Cc]\)|-[Cc])(?=[\s:=])",
    ),
    "depth_mm": ("DEP", "Dp", "DP", "De", "DE", "D", "R"),
    "gain": ("2D ?G[Nn]?", "2DG[Nn]?", "BG[Nn]?", "B[- ]G[Nn]?", "G[Nn]", "Ga", "G", "V"),
    "frequency_mhz": (r"F\s?[.:]?\s?H(?=\s?\d)", "Fq", "FQ", "B[- ]?F(?:rq|req|re)?", "F"),
    "frame_rate_hz": ("FR", "Fr", "F\\.R\\.?", *_FRAME_RATE_ABROAD),
    "dynamic_range_db": (
        r"DR",
        r"D\.R\.?",
        r"DNR",
        r"RD",
        r"R\.D\.?",
        "BD",
        r"B[- ]?DR",
        r"F\.D\.?",
        *_DYNAMIC_RANGE_ABROAD,
    ),
    "focus_mm": ("FP", "Fc"),
    "wall_filter": (r"W\.?F\.?",),
    "acoustic_power_percent": ("AP", "AO", "A0", "Pw", "PW?R", "P"),
    "doppler_gain": (r"C ?G[Nn]?", r"CF ?G[Nn]?", r"C[- ]?[Gg]ain", r"[Cc]olou?r [Gg]ain", r"P[WD]? ?G[Nn]?", r"DG"),
    # Nobody asks for it; but it is not the picture's.
    "doppler_frequency": (
        r"(?i:(?:c|cd|cf|cfm|cfi|cdi|col\.?|colou?r|p|pd|pdi|pw|pwd|d|dop|doppler|power|farbe?|f)[ .-]?"
        r"(?:freq(?:uency|uenz|\.)?|fre|frq))",
        r"彩色频率",
    ),
    "other": (
        r"(?i:(?:vol(?:ume|\.)?|heart|resp(?:iratory|\.)?|sampl(?:e|ing)|refresh|pulse|sweep|bit) ?rate)",
        r"(?i:(?:near|far|mid|lateral|lat\.?) ?gain)",
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
