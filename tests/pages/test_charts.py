"""Charts on the screen: every kind in both schemes, gaps and breaks, and what leaves with them."""

from collections.abc import Iterator
from itertools import pairwise

import plotly.graph_objects as go
import pytest

from pages.components.chart_figures import figure_of
from risk_model.domain.chart_looks import INK_LIGHT, LOOKS, PAGE_DARK, PAGE_LIGHT, UNKNOWN_FILL, contrast
from risk_model.domain.chart_words import label_heights, name_places, runs, spread
from risk_model.domain.charts import PICKED, Axis, Break, Line, Lines, Role, Spot, Strip, Strips
from tests.chart_kit import HOSTILE, drawings

# WCAG 2.2, 1.4.11 and 1.4.3: for marks, and for words
MARKS, WORDS = 3.0, 4.5
_UNSHOWN = {"y", "tickvals", "categoryarray"}


def _texts(told: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a figure, with the name of the field that it stands in."""
    if isinstance(told, dict):
        for name, part in told.items():
            yield from _texts(part, name)
    elif isinstance(told, list | tuple):
        for part in told:
            yield from _texts(part, field)
    elif isinstance(told, str):
        yield field, told


@pytest.mark.parametrize("role", Role)
def test_each_colour_can_be_told_from_both_pages(role: Role) -> None:
    assert contrast(LOOKS[role].colour, PAGE_LIGHT) >= MARKS
    assert contrast(LOOKS[role].colour, PAGE_DARK) >= MARKS


@pytest.mark.parametrize("role", [Role.UNLIKELY, Role.UNCERTAIN, Role.LIKELY, Role.OWN, *PICKED])
def test_white_words_can_be_read_in_bars(role: Role) -> None:
    assert contrast(LOOKS[role].colour, "#ffffff") >= WORDS


def test_dark_words_can_be_read_in_bars_of_what_is_not_known() -> None:
    assert contrast(UNKNOWN_FILL, INK_LIGHT) >= WORDS


def test_contrast_is_that_of_wcag() -> None:
    # black on white is 21 by definition; #767676 on white is WCAG's own example of 4.54
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("roles", [PICKED, (Role.UNLIKELY, Role.UNCERTAIN, Role.LIKELY, Role.NOT_ENOUGH_EVIDENCE)])
def test_no_two_that_stand_together_have_one_shape(roles: tuple[Role, ...]) -> None:
    shapes = {(LOOKS[role].shape, LOOKS[role].is_open) for role in roles}
    assert len(shapes) == len(roles)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", drawings())
def test_each_kind_is_drawn_and_no_name_is_markup(kind: str, dark: bool) -> None:
    figure = figure_of(drawings()[kind], dark=dark)
    assert figure.data
    # what an axis calls its rows to itself is never shown: ticktext stands there
    texts = [text for field, text in _texts(figure.to_plotly_json()) if field not in _UNSHOWN]
    assert not [text for text in texts if "<b>" in text]
    # what a name looks like once it is made harmless; a line's name is cut at 28 letters, a row's goes on below
    assert [text for text in texts if HOSTILE.split()[0] in text]


def test_lines_stop_at_a_gap_and_at_a_break() -> None:
    years = ("2016", "2017", "2018", "2019", "2020", "2021")
    line = Line("Own", Role.OWN, (1.0, 2.0, 3.0, None, 5.0, 6.0))
    drawing = Lines(years, Axis("x"), (line,), (Break("2018", "why"),))
    assert runs(line, drawing) == [[0, 1], [2], [4, 5]]
    drawn = [list(trace.x) for trace in figure_of(drawing, dark=False).data]
    assert drawn == [["2016", "2017"], ["2018"], ["2020", "2021"]]


def test_names_of_lines_that_meet_stand_apart() -> None:
    years = ("2016", "2017")
    lines = tuple(Line(str(at), Role.REST, (0.0, 50.0 + at / 10)) for at in range(3))
    placed = label_heights(Lines(years, Axis("x"), lines), height=100)
    # figures from 0 to 50.2, with 8 in 100 of that above and below
    heights = sorted((line.values[at] or 0) / (50.2 * 1.16) * 100 + shift for line, at, shift in placed)
    assert [round(after - before) for before, after in pairwise(heights)] == [15, 15]


def test_a_spot_stands_where_it_stood_and_within_its_strip() -> None:
    spots = [Spot(str(urn), "x", Role.REST, 1) for urn in range(900_000, 900_500)]
    heights = [spread(one) for one in spots]
    assert heights == [spread(one) for one in spots]
    assert max(map(abs, heights)) <= 0.25
    assert len(set(heights)) > 100


def test_a_note_stands_where_the_first_line_has_no_figure() -> None:
    figure = figure_of(drawings()["lines"], dark=False)
    notes = [one.text for one in figure.layout.annotations]
    assert notes.count("not published") == 2
    assert "suppressed" in notes
    assert notes.count("not comparable") == 2


def test_what_is_not_known_is_hatched_and_has_its_words() -> None:
    figure: go.Figure = figure_of(drawings()["bars"], dark=True)
    unknown = next(trace for trace in figure.data if trace.name == "not enough evidence")
    assert unknown.marker.pattern.shape == "/"
    assert list(unknown.text) == ["○ 10%", "○ 20%", "○ 40%"]


def test_names_next_to_each_other_in_a_strip_stand_on_two_heights() -> None:
    spots = [
        Spot("c", "C", Role.FIRST, 3.0, label="C"),
        Spot("a", "A", Role.SECOND, 1.0, label="A"),
        Spot("x", "X", Role.REST, 2.0),
        Spot("b", "B", Role.THIRD, 2.5, label="B"),
    ]
    assert name_places(spots) == {"a": (0, "left"), "b": (1, "center"), "c": (0, "right")}
    strips = Strips(Axis("Score"), (Strip("All", tuple(spots)),))
    figure = figure_of(strips, dark=False)
    shifts = {one.text: one.yshift for one in figure.layout.annotations if one.text in "ABC"}
    assert {one.xanchor for one in figure.layout.annotations if one.text == "A"} == {"left"}
    assert shifts["A"] == shifts["C"] < shifts["B"]
