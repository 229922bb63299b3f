"""PowerPoint: the words of every slide, its tables, charts, diagrams and notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree
from pptx.chart.chart import Chart
from pptx.exc import PythonPptxError
from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.package import PartFactory
from pptx.package import Package
from pptx.parts.presentation import PresentationPart
from pptx.presentation import Presentation
from pptx.slide import Slide

from hub.media import pdf, wording
from hub.media.faults import Unusable
from hub.media.office import to_pdf
from hub.media.ooxml import check_package
from hub.media.report import Report
from hub.media.table import lines_of
from hub.media.task import Task

_DEEPEST_GROUP = 30
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_DRAWING_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_DRAWING_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
# python-pptx knows decks; shows and templates differ only in the name of their main part.
for _kind in (CONTENT_TYPE.PML_SLIDESHOW_MAIN, CONTENT_TYPE.PML_TEMPLATE_MAIN):
    PartFactory.part_type_for[_kind] = PresentationPart


def read(task: Task, report: Report) -> None:
    """One passage a slide. A slide that is broken is passed over."""
    check_package(task)
    presentation = _opened(task)
    slides = list(presentation.slides._sldIdLst)  # noqa: SLF001 -- iterating the slides themselves stops at a broken one
    report.facts(pages=len(slides), title=presentation.core_properties.title or None)
    broken: list[int] = []
    for number, entry in enumerate(slides, start=1):
        if report.full:
            break
        try:
            slide = presentation.part.related_slide(entry.rId)
            title = _title(slide)
            words = [line for line in _shape_texts(slide.shapes) if line.strip()]
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                words.append(slide.notes_slide.notes_text_frame.text)
        except (KeyError, ValueError, AttributeError, TypeError, etree.LxmlError, PythonPptxError):
            broken.append(number)
            continue
        report.passage("slide", number, title, "\n".join(words))
    judge_slides(len(slides), broken, task, report)
    draw_slides(task, report)


def draw_slides(task: Task, report: Report) -> None:
    """Pictures of the slides, where LibreOffice is; without it, the page shows their words."""
    if task.office is None:
        return
    try:
        broken = pdf.draw_pages(replace(task, path=to_pdf(task)), report)
    except Unusable as unusable:
        report.shortfall(unusable.reason, unusable.detail)
        return
    if broken:
        some = ", ".join(map(str, sorted(broken)[:5]))
        report.shortfall(f"Some slides could not be drawn ({some}). Save the deck as PDF and upload that.")


def judge_slides(slides: int, broken: list[int], task: Task, report: Report) -> None:
    """Say which slides could not be read. Raises Unusable when it was none of them."""
    if broken and len(broken) == slides:
        raise Unusable(wording.damaged(task.label), "no slide could be read")
    if broken:
        some = ", ".join(map(str, broken[:5]))
        report.shortfall(
            f"Some slides could not be read ({some}). Save the deck again with PowerPoint and upload the new copy."
        )
    if not report.has_text:
        report.shortfall(
            "Hub found no text in this deck, so search finds it only by its title and description. "
            + (
                "Add titles to the slides."
                if task.office
                else "Add titles to the slides, or upload it as PDF to have its pages shown."
            )
        )


def _opened(task: Task) -> Presentation:
    try:
        part = Package.open(str(task.path)).main_document_part
    except (KeyError, ValueError, AttributeError, etree.LxmlError, PythonPptxError) as error:
        raise Unusable(wording.damaged(task.label), str(error)) from error
    if not isinstance(part, PresentationPart):
        raise Unusable(wording.damaged(task.label), f"main part is {part.content_type}")
    presentation: Presentation = part.presentation
    return presentation


def _title(slide: Slide) -> str:
    title = slide.shapes.title
    return " ".join(title.text_frame.text.split()) if title is not None else ""


def _shape_texts(shapes: Any, depth: int = 0) -> Iterator[str]:
    """All words, in the order in which the shapes lie."""
    for shape in shapes:
        if getattr(shape, "shapes", None) is not None and depth < _DEEPEST_GROUP:
            yield from _shape_texts(shape.shapes, depth + 1)
        elif shape.has_text_frame:
            yield shape.text_frame.text.replace("\x0b", "\n")
        elif getattr(shape, "has_table", False):
            yield from lines_of([cell.text_frame.text for cell in row.cells] for row in shape.table.rows)
        elif getattr(shape, "has_chart", False):
            yield from _chart_texts(shape.chart)
        else:
            yield from _diagram_texts(shape)


def _chart_texts(chart: Chart) -> Iterator[str]:
    if chart.has_title and chart.chart_title.has_text_frame:
        yield chart.chart_title.text_frame.text
    for plot in chart.plots:
        yield ", ".join(str(category) for category in plot.categories)
        yield ", ".join(str(series.name) for series in plot.series if series.name)


def _diagram_texts(shape: Any) -> Iterator[str]:
    """SmartArt keeps its words in a part of its own."""
    for reference in shape._element.iter(_DIAGRAM):  # noqa: SLF001 -- python-pptx has no public way to a shape's XML
        data = shape.part.related_part(reference.get(_DIAGRAM_DATA)).blob
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        for paragraph in etree.fromstring(data, parser).iter(_DRAWING_PARAGRAPH):
            yield "".join(piece.text or "" for piece in paragraph.iter(_DRAWING_TEXT))
