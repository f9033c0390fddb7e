"""Doppler: the arteries of the course mapped before and during, with the settings that a missing signal depends on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotation.vocabulary import has_term, term
from audit.material import Material, place_of
from audit.verdict import Evidence, Part, lacking, met, not_asked, undecided
from procedure import Phase, telling
from procedure.answers import Answer, Sight
from procedure.encounter import Site
from procedure.images import KeptImage, Mode
from procedure.vessels import Evidence as SeenBy
from procedure.words import structure_name

ASKED_ARTERIES: Final = ("fa", "aa", "stra")  #: facial, angular, supratrochlear; where the region's list has them
_DOPPLER: Final = (Mode.COLOUR, Mode.POWER, Mode.SPECTRAL)


def arteries_mapped_before(material: Material) -> Iterator[Part]:
    """Each of the arteries that a region has was looked for by Doppler before the first puncture, with a picture."""
    for site, artery in _asked(material):
        if artery is None:
            yield undecided(
                f"{telling.region(site.region)}: there is no protocol, so it is not known which arteries are asked for."
            )
            continue
        where = f"{telling.site(site.region, site.side)}: {structure_name(artery) or artery}"
        found = _mapped(material, site, artery)
        if found:
            yield met(f"{where} looked for by Doppler before the procedure.", *found)
        else:
            yield lacking(f"{where}: no Doppler picture of before the first puncture, seen or not seen.")
    if not any(artery for _, artery in _asked(material)):
        yield not_asked("None of the treated regions has the facial, angular or supratrochlear artery on its list.")


def arteries_mapped_during(material: Material) -> Iterator[Part]:
    """At each injected site that has one of the arteries a Doppler picture was taken during the injection."""
    puncture = material.first_puncture
    if puncture is None:
        yield not_asked("Nothing was injected.")
        return
    for site in {site: None for site, artery in _asked(material) if artery}:
        pictures = [
            image
            for image in material.scans(Phase.DURING)
            if image.mode in _DOPPLER and material.is_at(image.station_id, image.side, site) and image.at >= puncture
        ]
        shown = [one for image in pictures if (one := _evidence(material, image)) is not None]
        reasons = [v for v in material.visits(Phase.DURING, site) if v.doppler_reason]
        if shown:
            yield met(f"{telling.site(site.region, site.side)}: Doppler during the injection.", *shown[:2])
        elif reasons:
            said = material.told(f"no Doppler during the injection: {reasons[0].doppler_reason}", reasons[0].at)
            yield met(
                f"{telling.site(site.region, site.side)}: the reason why there was no Doppler is given.",
                said,
            )
        else:
            yield lacking(
                f"{telling.site(site.region, site.side)}: no Doppler picture during the injection, and no reason."
            )


def doppler_settings(material: Material) -> Iterator[Part]:
    """Doppler pictures of before and during state scale, wall filter and gain: a missing signal depends on them."""
    pictures = [i for phase in (Phase.PRE, Phase.DURING) for i in material.scans(phase) if i.mode in _DOPPLER]
    if not pictures:
        yield lacking("There is no Doppler picture of before or during the procedure.")
        return
    for image in pictures:
        said = image.settings
        scale = said is not None and (said.colour_scale_cm_s is not None or said.prf_hz is not None)
        blank = [] if scale else ["scale"]
        blank += [] if said is not None and said.wall_filter_hz is not None else ["wall filter"]
        blank += [] if said is not None and said.gain is not None else ["gain"]
        if blank:
            yield lacking(f"{place_of(image)}: the Doppler settings do not state: {', '.join(blank)}.")
        else:
            one = _evidence(material, image)
            yield met(f"{place_of(image)}: scale, filter and gain are stated.", *([one] if one else []))


def no_signal_looked_at_again(material: Material) -> Iterator[Part]:
    """Where no signal was seen the settings were made ready for slow flow, or a second mode was used."""
    unseen = [
        visit
        for visit in material.encounter.visits
        if not visit.skipped_because and visit.doppler_signal is Sight.NOT_SEEN
    ]
    looks = [
        check for event in material.encounter.complications for check in event.rechecks if check.flow is Sight.NOT_SEEN
    ]
    if not unseen and not looks:
        yield not_asked("Nowhere is it recorded that no signal was seen.")
    modes = {image.image_uid: image.mode for image in material.scans()}
    for visit in unseen:
        second = {modes.get(uid) for uid in visit.image_uids} & {Mode.POWER, Mode.SPECTRAL}
        where = f"{visit.station_id}, {telling.word(visit.side)}, {telling.word(visit.phase)}"
        if visit.slow_flow_tried is Answer.YES or second:
            said = "settings for slow flow" if visit.slow_flow_tried is Answer.YES else "a second mode"
            yield met(f"{where}: no signal was seen, and {said} tried.", material.told(f"{where}: {said}", visit.at))
        else:
            yield lacking(
                f"{where}: no signal was seen, and neither settings for slow flow nor a second mode was tried."
            )
    for check in looks:
        second = {modes.get(ref.image_uid) for ref in check.images} & {Mode.POWER, Mode.SPECTRAL}
        where = f"re-check at {telling.moment(check.at)}"
        if check.slow_flow_tried is Answer.YES or second:
            yield met(f"{where}: no signal was seen, and more was tried.", material.told("re-check", check.at))
        else:
            yield lacking(
                f"{where}: no signal was seen, and neither settings for slow flow nor a second mode was tried."
            )


def doppler_or_reason(material: Material) -> Iterator[Part]:
    """Where a station asks for Doppler and none was used, the reason is given and the vessels were looked for in B-mode."""
    asked = False
    for site in material.encounter.sites:
        protocol = material.protocols.get(site.region)
        for visit in material.visits(Phase.PRE, site):
            station = protocol.station(visit.station_id) if protocol is not None else None
            if station is None or not station.doppler or visit.doppler_used is Answer.YES:
                continue
            asked = True
            if visit.doppler_reason:
                yield met(
                    f"{visit.station_id}: the reason why no Doppler was used is given.",
                    material.told(f"{visit.station_id}: {visit.doppler_reason}", visit.at),
                )
            else:
                yield lacking(f"{visit.station_id}: no Doppler was used, and no reason is given.")
            asks_for_vessel = any(_is_vessel(structure) for structure in station.look_for)
            if not any(_is_vessel(seen.structure) or not asks_for_vessel for seen in visit.seen):
                yield lacking(f"{visit.station_id}: it is not recorded which vessel was looked for in B-mode.")
    if not asked:
        yield not_asked("Doppler was used at every scanned station that asks for it.")


def _is_vessel(structure: str) -> bool:
    return has_term(structure) and term(structure).kind in ("artery", "vein")


def _asked(material: Material) -> Iterator[tuple[Site, str | None]]:
    """Each site with each of the arteries that its region has; None where the region has no protocol."""
    for site in material.encounter.sites:
        protocol = material.protocols.get(site.region)
        if protocol is None:
            yield site, None
            continue
        for artery in ASKED_ARTERIES:
            if artery in protocol.vessels:
                yield site, artery


def _mapped(material: Material, site: Site, artery: str) -> tuple[Evidence, ...]:
    """Doppler pictures of before the first puncture on which the artery was seen, or recorded as not seen."""
    puncture = material.first_puncture
    pictures = {
        image.image_uid: image
        for image in material.scans(Phase.PRE)
        if image.mode in _DOPPLER and (puncture is None or image.at < puncture)
    }
    found: list[Evidence | None] = []
    for vessel in material.encounter.vessels:
        if vessel.term != artery or (vessel.region, vessel.side) != (site.region, site.side):
            continue
        for seen in vessel.in_phase(Phase.PRE):
            by_doppler = seen.evidence in (SeenBy.DOPPLER, SeenBy.BOTH)
            if by_doppler and seen.image is not None and seen.image.image_uid in pictures:
                found.append(material.seen_in(seen.image, f"{vessel.name or artery}: seen by Doppler"))
    for visit in material.visits(Phase.PRE, site):
        sights = [seen.sight for seen in visit.seen if seen.structure == artery]
        if visit.side is not site.side or not sights or visit.doppler_used is not Answer.YES:
            continue
        what = f"{structure_name(artery) or artery}: {sights[0].replace('-', ' ')}"
        found += [material.shown(uid, what) for uid in visit.image_uids if uid in pictures]
    return tuple(dict.fromkeys(one for one in found if one is not None))[:3]


def _evidence(material: Material, image: KeptImage) -> Evidence | None:
    return material.shown(image.image_uid, f"{place_of(image)}: {image.mode}, {telling.moment(image.at)}")
