"""The page of a pack: one HTML file with its own style and program, the frames beside it. It asks nothing of a network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

from annotation import Finding
from audit import Evidence, Judgement, Rubric
from procedure.documents import label_line, record_document
from procedure.documents.blocks import Blank, Block, Cell, Drawing, Facts, Figures, Heading, Table, Text
from workstation.proof.pack.contents import VERDICTS, Encounter, Integrity, Moving
from workstation.proof.pack.summary import name_of, row_id, summary
from workstation.report.overlay import overlay_svg
from workstation.studies.clinic_protocols import held_protocols

_TEMPLATE = Path(__file__).with_name("page.html")
_AT_ONCE = 4  #: pieces of evidence that are shown unasked


def page(
    encounters: Sequence[Encounter], rubric: Rubric, integrity: Integrity, notes: Sequence[str], portfolio: str
) -> str:
    """The whole page; `portfolio` is a section of it as HTML."""
    body = "".join(part for each in encounters for part in _encounter(each, rubric))
    several = len(encounters) > 1  # then the counts over all of them come first
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        summary="".join(summary(encounters, integrity)),
        body=f"{portfolio}{body}" if several else f"{body}{portfolio}",
        notes="".join(f"<p class=notice>{escape(note)}</p>" for note in notes),
        checkpoint=escape(integrity.checkpoint),
        key=escape(integrity.public_key),
        problems="".join(f"<li>{escape(problem)}</li>" for problem in integrity.problems),
    )


def _encounter(each: Encounter, rubric: Rubric) -> Iterator[str]:
    yield f"<section id='s{escape(each.study)}'><h2>{escape(name_of(each))}</h2><p class=small>Study {escape(each.study)}</p>"
    if each.pdf:
        yield f"<p><a href='{escape(each.pdf)}'>The record as PDF</a></p>"
    yield from (f"<p class=notice>{escape(sentence)}</p>" for sentence in each.unread)
    if each.judgements:
        yield f"<h3>Criteria: {escape(rubric.name)}, version {escape(rubric.version)}</h3>"
        yield (
            "<p>A program has looked whether what each criterion asks for is in the record. <b>Met</b> means that it is "
            "there, in time and consistent. Whether a label, a plan or a treatment was right is for a person to judge: the "
            "question stands at the right, the evidence beside it.</p>"
        )
        yield "<table class=criteria><tr><th>criterion<th>verdict<th>evidence<th>missing<th>for the reviewer</tr>"
        yield from (_judged(judgement, each) for judgement in each.judgements)
        yield "</table>"
    yield f"<h3 id='i{escape(each.study)}'>Pictures and clips</h3><div class=pictures>"
    yield from (_moving(picture) for picture in each.pictures)
    yield "</div>"
    if each.found is not None:
        yield f"<h3 id='r{escape(each.study)}'>The record</h3><div class=record>"
        document = record_document(each.found.encounter, each.found.sources, held_protocols(), None)
        yield from (html for block in document.blocks for html in _block(block))
        yield "</div>"
    yield "</section>"


def _judged(judgement: Judgement, each: Encounter) -> str:
    verdict = judgement.verdict.value
    criterion = judgement.criterion
    evidence = [f"<li>{_evidence(one, each.pictures)}</li>" for one in judgement.evidence]
    shown, more = "".join(evidence[:_AT_ONCE]), evidence[_AT_ONCE:]
    rest = f"<details><summary>{len(more)} more</summary><ul>{''.join(more)}</ul></details>" if more else ""
    missing = "".join(f"<li>{escape(sentence)}</li>" for sentence in dict.fromkeys(judgement.missing))
    reasons = "".join(f"<li class=small>not asked: {escape(text)}</li>" for text in dict.fromkeys(judgement.reasons))
    return (
        f"<tr class={verdict} id='{row_id(each, criterion.id)}'>"
        f"<td><b>{escape(criterion.id)}</b> {escape(criterion.requirement)}"
        f"<td class=verdict>{VERDICTS[verdict]}<td><ul>{shown}</ul>{rest}<td><ul>{missing}{reasons}</ul>"
        f"<td>{escape(criterion.question)}</tr>"
    )


def _evidence(evidence: Evidence, pictures: Sequence[Moving]) -> str:
    uid = evidence.file.stem
    what = escape(evidence.what)
    if any(picture.uid == uid for picture in pictures):
        return f"<a href='#p{escape(uid)}' data-frame={evidence.frame or 0}>{what}</a>"
    return f"{what} <small>(<a href='dicom/{escape(evidence.file.name)}'>file</a>)</small>"


def _moving(picture: Moving) -> str:
    by_frame: dict[int, list[Finding]] = {}
    for label in picture.labels:
        by_frame.setdefault(label.frame, []).append(label)
    overlays = "".join(
        f"<div class=overlay data-frame={frame} hidden>{overlay_svg(labels, picture.width_px, picture.height_px)}</div>"
        for frame, labels in by_frame.items()
    )
    lines = "".join(
        f"<li data-frame={frame}>{escape(label_line(label))} <small>{escape(label.by)}"
        f"{f', frame {frame + 1}' if len(picture.frames) > 1 else ''}</small></li>"
        for frame, labels in by_frame.items()
        for label in labels
    )
    told = {"frames": picture.frames, "times": picture.times_s, "labelled": sorted(by_frame)}
    scale = "" if picture.scaled else " Its scale is not known: lengths are in pixels."
    timing = (
        " The file does not tell the frames' times: 30 a second are assumed." if picture.timing == "assumed" else ""
    )
    words = f", {len(picture.frames)} frames" if len(picture.frames) > 1 else ""
    told_labels = f"<details><summary>{len(picture.labels)} labels</summary><ul>{lines}</ul></details>" if lines else ""
    return (
        f"<figure id='p{escape(picture.uid)}' class=moving data-clip='{escape(json.dumps(told))}'>"
        f"<div class=stage style='aspect-ratio:{picture.width_px}/{picture.height_px}'>"
        f"<canvas width={picture.width_px} height={picture.height_px}></canvas>{overlays}</div>"
        f"<div class=controls></div><figcaption><b>{escape(picture.title)}</b>{words}.{scale}{timing}"
        f"{told_labels}</figcaption></figure>"
    )


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            level = block.level + 3
            yield f"<h{level}>{escape(block.text)}</h{level}>"
        case Text():
            yield f"<p class={block.tone}>{escape(block.text)}</p>"
        case Facts():
            rows = "".join(f"<tr><th>{escape(label)}<td>{_cell(value)}</tr>" for label, value in block.rows)
            yield f"<table class=facts>{rows}</table>"
        case Table():
            head = "".join(f"<th>{escape(column)}" for column in block.columns)
            rows = "".join(f"<tr>{''.join(f'<td>{_cell(cell)}' for cell in row)}</tr>" for row in block.rows)
            yield f"<table><tr>{head}</tr>{rows}</table>" if block.rows else f"<p>{_cell(block.empty)}</p>"
        case Drawing():
            yield f"<div class=drawing style='max-width:{block.share * 100:.0f}%'>{block.svg}</div>"
        case Figures():
            for figure in block.figures:
                uid = figure.picture.image_uid if figure.picture else ""
                link = (
                    f" <a href='#p{escape(uid)}' data-frame={figure.picture.frame}>show</a>" if figure.picture else ""
                )
                yield f"<p><b>{escape(figure.caption)}</b>{link}<br>{'<br>'.join(map(escape, figure.lines))}</p>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Blank):
        return f"<span class=blank>{escape(str(cell))}</span>"
    return "<br>".join(escape(line) for line in cell.split("\n"))
