from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from annotation.vocabulary import LANDMARKS, REGIONS, VESSELS_TO_LOOK_FOR
from procedure import ProtocolWrong
from procedure.answers import Side
from procedure.images import Mode
from procedure.phase import Phase
from procedure.protocol import Protocol
from procedure.protocol_files import built_in, parse, protocols, read_protocol
from procedure.words import BONY_LANDMARKS, STRUCTURES, landmark_name, structure_name

GOOD = """
schema = "sonofill-protocol/1"
region = "chin"
name = "Chin"
version = "2"
source = "a clinic"
layers = ["epi", "musc"]
vessels = ["ama"]
[structures]
own-gland = "own gland"
[[station]]
id = "chin-1"
landmark = "pogonion"
place = "pogonion, transverse"
planes = ["transverse"]
look_for = ["own-gland", "ama"]
sides = ["M"]
phases = ["pre", "post"]
doppler = ["colour"]
"""


@pytest.mark.requirement("S13")
@pytest.mark.requirement("S29")
@pytest.mark.requirement("S30")
@pytest.mark.parametrize("region", [term.id for term in REGIONS])
def test_each_region_has_stations_from_a_bony_landmark(region: str) -> None:
    protocol = built_in()[region]
    assert protocol.region == region and protocol.source and protocol.version
    assert [station.id for station in protocol.stations] == [
        f"{region}-{number}" for number in range(1, len(protocol.stations) + 1)
    ]
    for station in protocol.stations:
        assert station.landmark in BONY_LANDMARKS and station.place
        assert station.planes and station.sides and station.look_for
        assert Phase.PRE in station.phases and station.stills >= 1
        assert station.doppler, "every station of the reference asks for Doppler"
    assert any(Phase.POST in station.phases for station in protocol.stations)


@pytest.mark.requirement("S30")
def test_every_vessel_that_must_be_looked_for_is_looked_for() -> None:
    for region, protocol in built_in().items():
        assert set(VESSELS_TO_LOOK_FOR[region]) <= set(protocol.vessels)
        looked = {structure for station in protocol.stations for structure in station.look_for}
        assert set(protocol.vessels) <= looked


@pytest.mark.requirement("S7")
def test_each_region_names_its_layers_from_the_skin_inwards() -> None:
    for protocol in built_in().values():
        assert protocol.layers[:3] == ("epi", "der-u", "der-l")
        assert {"sfat", "musc"} <= set(protocol.layers)


@pytest.mark.requirement("S13")
def test_nobody_has_reviewed_our_stations_and_a_clinic_says_who_reviewed_its_own() -> None:
    assert {protocol.review for protocol in built_in().values()} == {"nobody yet"}
    named = GOOD.replace('source = "a clinic"', 'source = "a clinic"\nreviewed_by = "Dr. A. Example, 2 March 2026"')
    assert parse(named, "here").review == "Dr. A. Example, 2 March 2026"
    with pytest.raises(ProtocolWrong, match="reviewed_by"):
        parse(named.replace("Dr. A. Example", "safe zone"), "here")


@pytest.mark.requirement("S16")
def test_near_the_eye_the_eyes_limits_hold() -> None:
    near = {s.id for protocol in built_in().values() for s in protocol.stations if s.eye_limits}
    assert near == {"glab-1", "glab-2", "glab-3", "tear-1", "tear-2", "tear-3", "nose-1"}


def test_the_reference_has_twenty_five_stations_and_so_have_we() -> None:
    assert sum(len(protocol.stations) for protocol in built_in().values()) == 25
    station = built_in()["glab"].station("glab-2")
    assert station is not None
    assert station.doppler == (Mode.COLOUR, Mode.SPECTRAL)
    assert station.image_id(Side.LEFT, Phase.DURING) == "glab-2-L-DUR"
    assert built_in()["glab"].station("glab-9") is None


@pytest.mark.requirement("S21")
def test_every_word_has_a_name() -> None:
    assert all(landmark_name(term.id) for term in LANDMARKS)
    assert all(landmark_name(word) for word in BONY_LANDMARKS)
    assert all(structure_name(word) for word in STRUCTURES)
    assert structure_name("no such thing") is None and landmark_name("nowhere") is None
    assert all(len(word) <= 16 for word in (*BONY_LANDMARKS, *STRUCTURES)), "a code value holds 16 characters"


def test_a_clinics_file_is_read_and_stands_in_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "chin.toml").write_text(GOOD, "utf-8")
    found = protocols(tmp_path)
    assert found["chin"].version == "2" and found["chin"].structures == {"own-gland": "own gland"}
    assert found["jaw"] == built_in()["jaw"]
    assert list(found) == [term.id for term in REGIONS]


WRONG = [
    ('region = "chin"', 'region = "knee"', r"region: 'knee' is none of chin, fore"),
    ('region = "chin"', "", r"region: it is missing\."),
    ('schema = "sonofill-protocol/1"', 'schema = "2"', r"schema: it is not 'sonofill-protocol/1'"),
    ('name = "Chin"', 'name = "Chin "', r"name: it is not one line of text"),
    ('name = "Chin"', "name = 3", r"name: it is not a text"),
    ('name = "Chin"', 'name = "A safe zone"', r"name: the phrase 'safe zone' may not stand there"),
    ('layers = ["epi", "musc"]', 'layers = ["epi", "bone"]', r"layers: 'bone' is none of"),
    ('layers = ["epi", "musc"]', 'layers = "epi"', r"layers: it is not a list"),
    ('layers = ["epi", "musc"]', 'layers = ["epi", "epi"]', r"layers: a word stands there twice"),
    ('layers = ["epi", "musc"]', "layers = []", r"layers: it is empty"),
    ('layers = ["epi", "musc"]', "layers = [1]", r"layers: it is not a list of texts"),
    ('vessels = ["ama"]', 'vessels = ["ama", "ma"]', r"no station looks for ma: add it"),
    ('id = "chin-1"', 'id = "jaw-1"', r"station jaw-1, id: it is not 'chin', a hyphen and a number"),
    ('landmark = "pogonion"', 'landmark = "cheilion"', r"station chin-1, landmark: 'cheilion' is none of"),
    ('look_for = ["own-gland", "ama"]', 'look_for = ["ama", "spleen"]', r"nothing is known as 'spleen'"),
    ('sides = ["M"]', 'sides = ["both"]', r"sides: 'both' is none of L, M, R"),
    ('doppler = ["colour"]', 'doppler = ["b-mode"]', r"doppler: 'b-mode' is none of colour, power, spectral"),
    ('doppler = ["colour"]', 'dopler = ["colour"]', r"dopler: no such key is known here"),
    ('doppler = ["colour"]', "stills = 0", r"keeps neither a still nor seconds"),
    ('doppler = ["colour"]', "stills = 1.5", r"stills: it is not a whole number"),
    ('doppler = ["colour"]', "stills = true", r"stills: it is not a whole number"),
    ('doppler = ["colour"]', "seconds = 10000", r"stills are 0 to 20, seconds 0 to 600"),
    ('doppler = ["colour"]', 'eye_limits = "yes"', r"eye_limits: it is not true or false"),
    ('own-gland = "own gland"', 'fa = "x"', r"structures: 'fa' is known already"),
    ('own-gland = "own gland"', '"Own Gland" = "x"', r"structures: 'Own Gland' is no id"),
    ("[[station]]", "[station]", r"station: it is not a list"),
    ('phases = ["pre", "post"]', "phases = []", r"phases: it is empty"),
]


@pytest.mark.parametrize(("old", "new", "told"), WRONG)
def test_each_error_of_a_file_is_one_clear_sentence(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "own.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(ProtocolWrong, match=told) as refused:
        read_protocol(path)
    sentence = str(refused.value)
    assert sentence.startswith(str(path)) and sentence.endswith(".") and "\n" not in sentence


def test_what_is_no_file_of_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ProtocolWrong, match="it is not UTF-8 text"):
        read_protocol(path)
    path.write_text("= 1", "utf-8")
    with pytest.raises(ProtocolWrong, match="is not TOML"):
        read_protocol(path)
    path.write_text(GOOD.split("[[station]]", maxsplit=1)[0], "utf-8")
    with pytest.raises(ProtocolWrong, match="it has no station"):
        read_protocol(path)
    path.write_text(GOOD + "[[station]]" + GOOD.split("[[station]]")[1], "utf-8")
    with pytest.raises(ProtocolWrong, match="station chin-1 stands there twice"):
        read_protocol(path)
    with pytest.raises(ProtocolWrong, match="cannot be read"):
        read_protocol(tmp_path / "none.toml")
    with pytest.raises(ProtocolWrong, match="is larger than"):
        path.write_text("#" * 1_000_001, "utf-8")
        read_protocol(path)
    with pytest.raises(ProtocolWrong, match="is no folder"):
        protocols(tmp_path / "none")
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    path.unlink()
    with pytest.raises(ProtocolWrong, match=r"b\.toml: a\.toml is a protocol of the region 'chin' too"):
        protocols(tmp_path)


def test_a_changed_file_is_read_or_refused_and_nothing_else() -> None:
    lines = GOOD.splitlines()
    for place in range(len(lines)):
        for text in ("\n".join(lines[:place]), "\n".join(lines[:place] + lines[place + 1 :])):
            try:
                assert isinstance(parse(text, "own"), Protocol)
            except ProtocolWrong as refused:
                assert re.fullmatch(r"own[ :,].*\.", str(refused))


def test_the_protocol_in_the_how_to_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "write-a-protocol.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    protocol = parse(textwrap.dedent(block), "how-to")
    assert protocol.region == "nlf" and len(protocol.stations) == 2 and protocol.stations[1].fold_side
