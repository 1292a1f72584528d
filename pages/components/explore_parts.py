"""Explore: the list of questions, what each asks back, its answer, and the address of what is seen."""

from urllib.parse import urlencode

import streamlit as st

from pages.components.charts import draw_chart
from pages.components.links import draw_link
from pages.components.session import ask
from pages.components.url import put_into_url, take_from_url
from pages.components.words import draw_lines, plain
from risk_model.domain.charts import Chart, Places, Scatter, Strips
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.explore import QUESTIONS, explore_selects
from risk_model.services.explore_answers import Answer, NamedSchool, Question, Wanted
from risk_model.services.school_sets import MOST_PICKS, pick_choices
from risk_model.services.scope import Scope

_BY_KEY = {one.key: one for one in QUESTIONS}


def choose_question() -> Question:
    """The questions as a list, and the one that is open."""
    take_from_url("question", {"question": list(_BY_KEY)})
    if st.session_state["question"] is None:
        st.session_state["question"] = QUESTIONS[0].key
    key = st.radio(
        "Questions",
        list(_BY_KEY),
        key="question",
        format_func=lambda one: _BY_KEY[one].words,
        captions=[one.answers for one in QUESTIONS],
    )
    put_into_url("question", ["question"])
    return _BY_KEY[key]


def choose_within(viewer: Viewer, copy: Copy, scope: Scope, question: Question) -> Wanted:
    """Whom to compare, and what the question asks back."""
    known = ask(pick_choices, viewer, copy, scope)
    selects = [one for one in ask(explore_selects, viewer, copy, scope, question.key) if one.options]
    single = {one.key: list(one.options) for one in selects}
    take_from_url("explore", single, {"pick": list(known)})
    st.session_state["pick"] = [one for one in st.session_state.get("pick") or [] if one in known]
    for one in selects:
        if st.session_state[one.key] is None:
            st.session_state[one.key] = next(iter(one.options))
        st.selectbox(one.label, list(one.options), key=one.key, format_func=lambda code, of=one: of.options[code])
    if question.compares:
        st.multiselect(
            "Compare schools or groups",
            list(known),
            key="pick",
            max_selections=MOST_PICKS,
            format_func=lambda code: known.get(code, code),
            placeholder="Two to six; without any, the usual comparison",
        )
    put_into_url("explore", [*single, "pick"])
    return Wanted(tuple(st.session_state["pick"]), {key: st.session_state[key] for key in single})


def draw_answer(question: Question, answer: Answer) -> None:
    """One answer: the finding, its charts, the schools that it names, how it is worked out, and its address."""
    st.header(question.words)
    # of a single chart the title says it
    if [one.finding for one in (*answer.small, *answer.charts)] != [answer.finding]:
        st.markdown(f"**{plain(answer.finding)}**")
    for number, chart in enumerate(answer.small):
        if number % 2 == 0:
            columns = st.columns(2)
        with columns[number % 2]:
            draw_chart(chart)
    for chart in answer.charts:
        picked = draw_chart(chart, selectable=answer.selects_schools)
        _draw_schools([one for one in _schools_of(chart) if one.urn in picked], "Selected in the chart")
    _draw_schools(answer.schools, "Schools named here")
    if answer.how:
        st.subheader("How this is worked out")
        draw_lines(answer.how)
    _draw_address()


def _schools_of(chart: Chart) -> list[NamedSchool]:
    match chart.drawing:
        case Scatter() | Places():
            spots = chart.drawing.spots
        case Strips():
            spots = tuple(dict.fromkeys(one for strip in chart.drawing.strips for one in strip.spots))
        case _:
            return []
    return [NamedSchool(one.key, one.name, one.told) for one in spots]


def _draw_schools(schools: list[NamedSchool] | tuple[NamedSchool, ...], title: str) -> None:
    """Schools with what is said of them, each a link to its profile."""
    if not schools:
        return
    st.subheader(title)
    for one in schools:
        draw_link(
            "pages/school.py",
            label=f"{plain(one.name)}: {plain(one.told)}" if one.told else plain(one.name),
            query_params={"urn": one.urn},
        )


def _draw_address() -> None:
    """The address of this view: everything chosen stands in it."""
    with st.expander("Save or share this view"):
        st.write("This address opens the same view again: keep it as a bookmark, or send it to a colleague.")
        pairs = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
        st.code(f"/explore?{urlencode(pairs)}", language=None)
