"""A chart on the page: its finding, the figure, what must be known of it, its table, and its files."""

from collections.abc import Callable, Sequence
from typing import ParamSpec

import plotly.graph_objects as go
import streamlit as st

from pages.components.chart_figures import figure_of, with_ink
from pages.components.downloads import draw_downloads, draw_file
from pages.components.links import link_to_row
from pages.components.session import ask, copy, viewer
from pages.components.tables import show_table
from pages.components.words import plain
from risk_model.domain.chart_looks import INK_DARK, INK_LIGHT
from risk_model.domain.charts import Chart
from risk_model.domain.viewer import Right
from risk_model.exports.pictures import as_png, as_svg
from risk_model.services.leaving import hand_over_file

Question = ParamSpec("Question")


def is_dark() -> bool:
    """Whether the reader's page is dark."""
    return bool(st.context.theme.type == "dark")


def text_colour() -> str:
    """The colour of words inside a figure that no description draws."""
    return INK_DARK if is_dark() else INK_LIGHT


def kept_figure(make: Callable[Question, go.Figure], *arguments: Question.args, **named: Question.kwargs) -> go.Figure:
    """A figure that no description draws: remembered for what it is made of, and for the light or dark page."""
    return ask(_made, is_dark(), make, *arguments, **named)


def _made(
    dark: bool, make: Callable[Question, go.Figure], *arguments: Question.args, **named: Question.kwargs
) -> go.Figure:
    # it also tells one remembered figure from the other
    return with_ink(make(*arguments, **named), INK_DARK if dark else INK_LIGHT)


def draw_chart(
    chart: Chart, *, selectable: bool = False, column_config: dict[str, object] | None = None
) -> tuple[str, ...]:
    """Draw a chart with everything that belongs to it.

    Args:
        selectable: a click, a box or a lasso picks spots.
        column_config: of the table.
    Returns:
        The keys of the spots that are picked.
    """
    st.markdown(f"**{plain(chart.finding)}**")
    figure = ask(figure_of, chart.drawing, dark=is_dark())
    alt = f"{chart.finding} The table below says the same."
    key, config = f"{chart.key}_chart", {"displayModeBar": False}
    picked: tuple[str, ...] = ()
    if selectable:
        event = st.plotly_chart(figure, key=key, config=config, alt=alt, on_select="rerun")
        picked = _picked(event["selection"]["points"])
    else:
        st.plotly_chart(figure, key=key, config=config, alt=alt)
    for note in chart.notes:
        st.caption(plain(note))
    if chart.source:
        st.caption(plain(f"Source: {chart.source}"))
    with st.expander("Table and files of this chart"):
        # two charts of a page may find the same: the key tells their tables apart for who jumps from one to the next
        name = f"{chart.finding} (table {chart.key.replace('_', ' ')})"
        show_table(chart.table, key=f"{chart.key}_table", alt=name, column_config=column_config)
        for when, source, release_id, row in chart.origins:
            link_to_row(f"{source} ({when})", release_id, row)
        draw_downloads(chart.table, chart.key, [chart.finding, *chart.notes, f"Source: {chart.source}"])
        _draw_pictures(chart)
    return picked


def _picked(points: Sequence[dict[str, object]]) -> tuple[str, ...]:
    found = []
    for point in points:
        given = point.get("customdata")
        found.append(str(given[0]) if isinstance(given, list) else str(given))
    return tuple(dict.fromkeys(one for one in found if one != "None"))


def _draw_pictures(chart: Chart) -> None:
    kinds: tuple[tuple[str, str, Callable[[Chart], bytes]], ...] = (
        ("PNG", "image/png", as_png),
        ("SVG", "image/svg+xml", as_svg),
    )
    who = viewer()
    if not who.may(Right.EXPORT):
        return
    here = copy()
    with st.container(horizontal=True):
        for called, kind, make in kinds:
            name = f"{chart.key}.{called.lower()}"
            draw_file(
                f"Picture as {called}",
                lambda make=make, name=name: hand_over_file(who, here, "picture", name, make(chart)),
                name,
                kind,
                key=f"{chart.key}_{called.lower()}",
            )
