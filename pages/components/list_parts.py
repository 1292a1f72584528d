"""The parts of the list of schools at risk."""

import pandas as pd
import streamlit as st

from pages.components.cards import draw_card
from pages.components.url import put_into_url, take_from_url
from pages.components.words import plain
from risk_model.domain.errors import RulesRefused
from risk_model.domain.viewer import Viewer
from risk_model.domain.words import Level, Priority, Route
from risk_model.services.at_risk import JUDGEMENT_FILTERS, ListFilters
from risk_model.services.copy import Copy
from risk_model.services.next_inspection import DUE_STANDINGS
from risk_model.services.one_school_needs import one_school_needs
from risk_model.services.profile import SchoolProfile, school_profile

_LEVELS = [level.value for level in Level]
_SUPPORT = ["with", "without"]
_JUDGEMENTS = list(JUDGEMENT_FILTERS)
_SEVERAL = {
    "priority": ("Priority", [p.value for p in Priority]),
    "outcomes": ("Good outcomes", _LEVELS),
    "leadership": ("Effective action", _LEVELS),
    "inspection": ("Next inspection", _LEVELS),
    "route": ("Route", [r.value for r in Route]),
    "due": ("Inspection due", list(DUE_STANDINGS)),
}


def draw_filters() -> ListFilters:
    """The filters; each stands in the URL."""
    take_from_url(
        "list",
        {"q": None, "support": _SUPPORT, "judgement": _JUDGEMENTS},
        {key: allowed for key, (_, allowed) in _SEVERAL.items()},
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Find a school", key="q", placeholder="Name, URN or LAESTAB", width=190)
        chosen = {
            key: tuple(st.multiselect(label, allowed, key=key, width=170)) for key, (label, allowed) in _SEVERAL.items()
        }
        support = st.selectbox(
            "Support now",
            _SUPPORT,
            index=None,
            key="support",
            width=150,
            placeholder="With or without",
        )
        judgement = st.selectbox(
            "People's judgements",
            _JUDGEMENTS,
            index=None,
            key="judgement",
            width=190,
            placeholder="Beside the computed",
        )
    put_into_url("list", ["q", "support", "judgement", *_SEVERAL])
    return ListFilters(
        priorities=chosen["priority"],
        outcomes=chosen["outcomes"],
        leadership=chosen["leadership"],
        inspection=chosen["inspection"],
        routes=chosen["route"],
        support=support,
        text=text or "",
        judgement=judgement,
        due=chosen["due"],
    )


_COLUMNS = {
    "School": st.column_config.TextColumn(pinned=True, width=215),
    "Priority": st.column_config.TextColumn(width=75),
    "Good outcomes": st.column_config.TextColumn(width=125),
    "Effective action": st.column_config.TextColumn(width=125),
    "Next inspection": st.column_config.TextColumn(width=125),
    "Main reason": st.column_config.TextColumn(width=250),
    "Support now": st.column_config.TextColumn(width=160),
    "Days used": st.column_config.NumberColumn(format="%g", width=80),
    "Days planned": st.column_config.NumberColumn(format="%g", width=90),
    "Adviser's view": st.column_config.TextColumn(width=160),
    "Core group agreed": st.column_config.TextColumn(width=160),
    "Support until": st.column_config.DateColumn(format="D MMM YYYY"),
    "Inspected on": st.column_config.DateColumn(format="D MMM YYYY"),
    "Next due by": st.column_config.DateColumn(format="D MMM YYYY"),
    "Next due": st.column_config.TextColumn(width=150),
}


def draw_table(table: pd.DataFrame) -> str | None:
    """The list; says which school was chosen, by its URN."""
    if st.toggle("Plain table, for screen readers and printing", key="plain_table"):
        _draw_plain(table)
        return None
    chosen = st.dataframe(
        table,
        hide_index=True,
        key="schools",
        on_select="rerun",
        selection_mode="single-row",
        height=min(560, 38 + 35 * len(table)),
        alt="Schools in order of urgency, with levels, main reason and the support they have",
        column_config=_COLUMNS,
    )
    st.caption("Select a row to see why, and what is being done.")
    rows = chosen.selection.rows
    return str(table["URN"].iloc[rows[0]]) if rows and rows[0] < len(table) else None


def _draw_plain(table: pd.DataFrame) -> None:
    """The list as a table of HTML; a link in each row leads to the profile, by keyboard too."""
    # a plain table reads its cells as markdown
    safe = table.map(lambda cell: plain(cell) if isinstance(cell, str) else cell)
    links = [f"[{name}](/school?urn={urn})" for name, urn in zip(safe["School"], table["URN"], strict=True)]
    st.table(safe.assign(School=links).set_index("School"))


def draw_chosen(viewer: Viewer, copy: Copy, urn: str) -> None:
    """The chosen school: why, the support it has, and where to go on."""
    profile = school_profile(viewer, copy, urn)
    with st.container(border=True):
        st.header(plain(profile.school["name"]))
        st.page_link("pages/school.py", label="Open the profile", query_params={"urn": urn})
        for column, card in zip(st.columns(3), profile.cards, strict=True):
            with column:
                draw_card(card, short=True)
        _draw_needs(viewer, copy, profile)


def _draw_needs(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> None:
    try:
        st.markdown(plain(one_school_needs(viewer, copy, profile).words))
    except RulesRefused as error:
        st.warning(plain(error))
    st.page_link(
        "pages/support.py", label="Need and help of all schools of this scope", query_params={"view": "matrix"}
    )
