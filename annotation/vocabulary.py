"""The words of the clinical vocabulary: stable ids with their names.

The ids are keys that stay in stored records: a name may be bettered, an id never changes. Codes of the standard's
vocabularies are in `dicom_io` alone. A term is always chosen by a person: nothing here names a vessel from where it
lies, because its course differs too much from one person to the next (clinical reference, conflict X12).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TermKind = Literal["artery", "vein", "layer", "region", "plane", "landmark"]


@dataclass(frozen=True, slots=True)
class Term:
    """One word: `id` is the key in records, `name` is for people, `kind` what sort of thing it names."""

    id: str
    name: str
    kind: TermKind


def _terms(kind: TermKind, **names: str) -> tuple[Term, ...]:
    return tuple(Term(key.replace("_", "-"), name, kind) for key, name in names.items())


# Clinical reference, table 1.1. Neither list is a claim that a vessel is there: many are absent in some people.
ARTERIES = _terms(
    "artery",
    fa="facial artery",
    aa="angular artery",
    sla="superior labial artery",
    ila="inferior labial artery",
    lna="lateral nasal artery",
    col="columellar artery",
    dna="dorsal nasal artery",
    stra="supratrochlear artery",
    soa="supraorbital artery",
    sta_fb="superficial temporal artery, frontal branch",
    dta="deep temporal artery",
    tfa="transverse facial artery",
    ioa="infraorbital artery",
    ma="mental artery",
    ama="ascending mental artery",
    sma="submental artery",
)
VEINS = _terms(
    "vein",
    fv="facial vein",
    av="angular vein",
    icv="intercanthal vein",
    mtv="middle temporal vein",
)
VESSELS = ARTERIES + VEINS

# Table 1.2, from the skin inwards.
LAYERS = _terms(
    "layer",
    epi="epidermis",
    der_u="upper dermis",
    der_l="lower dermis",
    sfat="superficial fat",
    smas="SMAS or superficial temporal fascia",
    subsmas="sub-SMAS fat, interfascial plane",
    musc="muscle",
    dfat="deep fat",
    dtf="deep temporal fascia",
    perio="periosteum, cortex",
    mucosa="mucosa",
    gland="salivary gland",
    cart="nasal cartilage",
)

# Table 1.3.
REGIONS = _terms(
    "region",
    fore="forehead",
    glab="glabella, brow",
    temp="temple",
    tear="tear trough, infraorbital",
    nose="nose",
    mala="malar, zygomatic",
    nlf="nasolabial fold, pyriform fossa",
    lipu="upper lip",
    lipl="lower lip",
    chin="chin, marionette",
    jaw="jawline, prejowl",
    prea="preauricular, lateral cheek",
)
PLANES = _terms("plane", transverse="transverse", sagittal="sagittal", oblique="oblique")
LANDMARKS = _terms(
    "landmark",
    nasion="nasion",
    rhinion="rhinion",
    ala="ala",
    alar_groove="alar groove",
    subnasale="subnasale",
    cheilion="cheilion",
    modiolus="modiolus",
    philtral_column="philtral column",
    pogonion="pogonion",
    menton="menton",
    gonion="gonion",
    antegonial_notch="antegonial notch",
    medial_canthus="medial canthus",
    lateral_canthus="lateral canthus",
    mid_pupil="mid pupil",
    tragus="tragus",
    zygion="zygion",
    jugale="jugale",
    temporal_crest="temporal crest",
    malar_point="malar point",
)

TERMS = VESSELS + LAYERS + REGIONS + PLANES + LANDMARKS
_BY_ID = {term.id: term for term in TERMS}

# Which vessels a scan of a region has to look for (table 1.3): what to look for, never what is there.
VESSELS_TO_LOOK_FOR: dict[str, tuple[str, ...]] = {
    "fore": ("stra", "soa", "sta-fb"),
    "glab": ("stra", "soa", "icv", "aa"),
    "temp": ("sta-fb", "mtv", "dta"),
    "tear": ("av", "aa", "ioa"),
    "nose": ("dna", "icv", "lna", "col"),
    "mala": ("tfa", "ioa"),
    "nlf": ("fa", "aa", "lna"),
    "lipu": ("sla",),
    "lipl": ("ila",),
    "chin": ("ama", "ma", "ila", "sma"),
    "jaw": ("fa", "fv"),
    "prea": ("tfa",),
}


def term(term_id: str) -> Term:
    """The term with this id; KeyError with the id where there is none."""
    return _BY_ID[term_id]


def has_term(term_id: str) -> bool:
    """Whether the vocabulary has this id."""
    return term_id in _BY_ID


def find(text: str, among: tuple[Term, ...] = TERMS) -> list[Term]:
    """The terms that `text` may mean, best first; two letters are meant to be enough.

    An id that is the text comes first, then ids and words that begin with it, then the first letters of the words
    ('sl' finds the superior labial artery). Fewer than two letters find nothing, except as a whole id.
    """
    wanted = " ".join(text.casefold().replace("-", " ").split())
    found: list[tuple[int, int, Term]] = []
    for place, candidate in enumerate(among):
        key = candidate.id.replace("-", " ")
        words = candidate.name.casefold().replace("-", " ").replace(",", " ").split()
        if key == wanted:
            rank = 0
        elif len(wanted) < 2:
            continue
        elif key.startswith(wanted):
            rank = 1
        elif " ".join(words).startswith(wanted):
            rank = 2
        elif any(word.startswith(wanted) for word in words):
            rank = 3
        elif "".join(word[0] for word in words).startswith(wanted):
            rank = 4
        else:
            continue
        found.append((rank, place, candidate))
    return [candidate for _, _, candidate in sorted(found, key=lambda entry: entry[:2])]
