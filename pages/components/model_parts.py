"""The parts of the model page."""

from collections.abc import Mapping

import streamlit as st

from pages.components.charts import draw_chart
from pages.components.downloads import draw_downloads, draw_file
from pages.components.links import draw_link
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.url import put_into_url, take_from_url
from pages.components.words import draw_lines, plain
from risk_model.domain.viewer import Right, Viewer
from risk_model.exports.documents import DOCX_TYPE
from risk_model.services.copy import Copy
from risk_model.services.grade_history import grade_history
from risk_model.services.model_card import QUESTION_TITLES, ModelCard, model_card
from risk_model.services.model_errors import GROUP_TITLES, model_errors
from risk_model.services.model_files import model_card_file, transparency_file
from risk_model.services.scope import Scope
from risk_model.services.transparency import transparency_record

_TABLE_HEIGHT = 420


def _chosen(label: str, key: str, titles: Mapping[str, str]) -> str:
    """One of some choices, the first unless the link or the reader says another."""
    take_from_url(key, {key: list(titles)})
    first = next(iter(titles), None)
    st.session_state[key] = st.session_state[key] or first
    chosen = st.selectbox(label, list(titles), key=key, format_func=lambda one: titles.get(one, one), width=520)
    # the first is what the page shows anyway: no step more for the browser's Back
    if key in st.query_params or st.session_state[key] != first:
        put_into_url(key, [key])
    return chosen or ""


def draw_model_card(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """What it is for, how often it was right, and what it cannot know."""
    question = _chosen("Inspections that are counted", "question", QUESTION_TITLES)
    card = ask(model_card, viewer, copy, scope, question)
    if card.has_figures:
        st.markdown(plain(card.standing))
    for note in card.notes:
        st.info(plain(note))
    left, right = st.columns(2)
    with left:
        st.header("What it is for")
        draw_lines(card.purpose)
    with right:
        st.header("What it is not for")
        draw_lines(card.not_for)
    _draw_numbers(card)
    st.header("This local authority beside England")
    draw_lines(card.here)
    st.header("How old the evidence is")
    draw_lines(card.ages)
    draw_link("pages/data.py", label="How fresh each source is")
    for title, lines in (
        ("What cannot be compared", card.eras),
        ("Who was inspected", card.bias),
        ("Limits", card.limits),
        ("How often the test was looked at", card.looks),
    ):
        if lines:
            st.header(title)
            draw_lines(lines)
    if viewer.may(Right.EXPORT):
        draw_file(
            "Download the card as a Word document",
            lambda: model_card_file(viewer, copy, scope, question),
            f"model_card_{copy.build.build_id}.docx",
            DOCX_TYPE,
            key="model_card",
        )


def _draw_numbers(card: ModelCard) -> None:
    st.header("How often it is right, and how often wrong")
    if not card.has_figures:
        st.info(plain(card.standing))
        return
    draw_lines(card.in_numbers)
    draw_chart(card.levels_chart)
    st.subheader("Beside simpler ways")
    show_table(
        card.orders,
        key="model_orders",
        alt="How well the model and simpler orders of the schools foresaw the same inspections",
    )
    with st.expander("More figures: the riskiest 10, 20 and 30 of 100, and each tenth by score"):
        for table, key, alt in (
            (card.cuts, "model_cuts", "What the riskiest 10, 20 and 30 of 100 inspections hold"),
            (card.bands, "model_bands", "Inspections by tenths of the score, and how many were judged below"),
        ):
            show_table(table, key=key, alt=alt, height="content")
            draw_downloads(table, key, [card.standing, *card.notes])


def draw_errors(viewer: Viewer, copy: Copy) -> None:
    """For whom it errs, group by group, and what fairness costs."""
    by = _chosen("Schools by", "errors_by", GROUP_TITLES)
    found = ask(model_errors, viewer, copy, by)
    st.markdown(plain(found.standing))
    for note in found.notes:
        st.info(plain(note))
    draw_lines(found.definitions)
    if not found.table.empty:
        draw_chart(found.chart)
    st.header("What fairness costs")
    draw_lines(found.tradeoff_words)
    if not found.tradeoff.empty:
        draw_chart(found.tradeoff_chart)


def draw_base_rates(viewer: Viewer, copy: Copy) -> None:
    """How often schools were judged below good at all, and what became of each grade."""
    history = ask(grade_history, viewer, copy)
    if not history:
        st.write("No full inspection is loaded, so there is nothing to count.")
        return
    found = history[_chosen("Phase of the schools", "base_phase", dict(zip(history, history, strict=True)))]
    draw_chart(found.chart)
    for title, table, key, alt in (
        ("Base rates by year", found.rates, "model_rates", "Grades given, by academic year and framework"),
        ("From one grade to the next", found.flows, "model_flows", "What became of each grade, by academic year"),
    ):
        st.header(title)
        show_table(table, key=key, alt=alt, height=_TABLE_HEIGHT)
        draw_downloads(table, key, [found.finding, *found.notes])


def draw_record(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The transparency record: to read here, and to edit and publish."""
    record = ask(transparency_record, viewer, copy, scope)
    for line in record.about:
        st.markdown(plain(line))
    st.markdown(f"**{record.blanks} questions are left for this local authority**, each in square brackets.")
    if viewer.may(Right.EXPORT):
        draw_file(
            "Download the record as a Word document",
            lambda: transparency_file(viewer, copy, scope),
            f"{record.name}.docx",
            DOCX_TYPE,
            key="transparency_record",
        )
    for section in record.sections:
        if not section.entries:
            continue
        with st.expander(section.title):
            for entry in section.entries:
                st.markdown(f"**{plain(entry.title)}**")
                for line in entry.answer:
                    st.markdown(plain(line))
                if entry.asked:
                    st.markdown(plain(f"[{entry.asked}]"))
