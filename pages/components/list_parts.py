"""The parts of the list of schools at risk."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.cards import draw_card
from pages.components.chips import Chip, draw_chips
from pages.components.links import draw_link
from pages.components.session import ask
from pages.components.tables import NO_VALUE, show_table
from pages.components.term_help import meaning
from pages.components.url import put_into_url, take_from_url
from pages.components.watch_parts import draw_watch
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RulesRefused
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer
from risk_model.domain.words import Level, Priority, Route
from risk_model.services.at_risk import JUDGEMENT_FILTERS, WATCHED, ListFilters
from risk_model.services.copy import Copy
from risk_model.services.next_inspection import DUE_STANDINGS
from risk_model.services.one_school_needs import one_school_needs
from risk_model.services.profile import SchoolProfile, school_profile
from risk_model.services.support import support_now

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


def draw_filters(*, is_judged: bool) -> ListFilters:
    """The filters; each stands in the URL.

    Args:
        is_judged: whether the list has people's judgements for this viewer.
    """
    take_from_url(
        "list",
        {"q": None, "support": _SUPPORT, "judgement": _JUDGEMENTS if is_judged else [], "watch": [WATCHED]},
        {key: allowed for key, (_, allowed) in _SEVERAL.items()},
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Find a school", key="q", placeholder="Name, URN or LAESTAB", width=220)
        with st.popover("Filters", key="list_filters"):
            chosen = {key: tuple(st.multiselect(label, allowed, key=key)) for key, (label, allowed) in _SEVERAL.items()}
            support = st.selectbox("Support now", _SUPPORT, index=None, key="support", placeholder="With or without")
            judgement = _choose_judgement() if is_judged else None
            watched = st.selectbox("Your watch list", [WATCHED], index=None, key="watch", placeholder="All schools")
    draw_chips(_chips())
    put_into_url("list", ["q", "support", "judgement", "watch", *_SEVERAL])
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
        watched=watched,
    )


def _choose_judgement() -> str | None:
    chosen: str | None = st.selectbox(
        "People's judgements", _JUDGEMENTS, index=None, key="judgement", placeholder="Beside the computed"
    )
    return chosen


def _chips() -> list[Chip]:
    """The filters that are on, in the order of the filters."""
    titles = {key: label for key, (label, _) in _SEVERAL.items()}
    several = [
        Chip(key, value, f"{label}: {value}") for key, label in titles.items() for value in st.session_state[key]
    ]
    single = {"support": "Support now", "judgement": "People's judgements", "watch": "Your watch list"}
    return several + [
        Chip(key, value, f"{label}: {value}") for key, label in single.items() if (value := st.session_state.get(key))
    ]


def _columns() -> dict[str, Any]:
    """How the columns are shown, with what their words mean."""
    level, text, day = meaning("Level"), st.column_config.TextColumn, st.column_config.DateColumn
    return {
        "School": text(pinned=True, width=165),
        "Priority": text(width=70, help=meaning("Priority")),
        "Good outcomes": text(width=108, help=level),
        "Effective action": text(width=108, help=level),
        "Next inspection": text(width=108, help=level),
        "Main reason": text(width=330),
        "Support now": text(width=190, help=meaning("Gap")),
        "Days used": st.column_config.NumberColumn(format="%g", width=80),
        "Days planned": st.column_config.NumberColumn(format="%g", width=90),
        "Adviser's view": text(width=160, help=meaning("Adviser's view")),
        "Core group agreed": text(width=160, help=meaning("Agreed judgement")),
        "Support until": day(format="D MMM YYYY"),
        "Inspected on": day(format="D MMM YYYY"),
        "Next due by": day(format="D MMM YYYY"),
        "Next due": text(width=150, help=meaning("Inspection window")),
    }


# What the list leaves out until it is asked for; a filter on people's judgements asks for theirs.
_ON_REQUEST = frozenset(
    {"Support until", "Locality", "Phase", "Trust", "Last inspection", "Inspected on", "Next due by"}
)


def draw_table(table: pd.DataFrame) -> str | None:
    """The list; says which school was chosen, by its URN."""
    with st.container(horizontal=True):
        is_plain = st.toggle("Plain table, for screen readers and printing", key="plain_table")
        is_whole = st.toggle("All columns", key="all_columns")
    shown = [one for one in table.columns if is_whole or one not in _ON_REQUEST]
    if is_plain:
        _draw_plain(table[[*shown, *(one for one in ("URN",) if one not in shown)]])
        return None
    chosen = show_table(
        table,
        key="schools",
        on_select="rerun",
        selection_mode="single-row",
        has_lines=True,
        alt="Schools in order of urgency, with levels, main reason and the support they have",
        column_order=shown,
        column_config={name: how for name, how in _columns().items() if name in table.columns},
    )
    st.caption("Select a row to see why, and what is being done.")
    rows = chosen.selection.rows
    return str(table["URN"].iloc[rows[0]]) if rows and rows[0] < len(table) else None


def _draw_plain(table: pd.DataFrame) -> None:
    """The list as a table of HTML; a link in each row leads to the profile, by keyboard too."""
    # a plain table reads its cells as markdown
    safe = table.map(_as_text)
    links = [f"[{name}](/school?urn={urn})" for name, urn in zip(safe["School"], table["URN"], strict=True)]
    st.table(safe.assign(School=links).set_index("School"))


def _as_text(cell: object) -> str:
    """A cell as the other table shows it: 14 May 2025; 10, and not 10.0000."""
    if pd.isna(cell):
        return NO_VALUE
    if isinstance(cell, date):
        return in_words(cell)
    return f"{float(cell):g}" if isinstance(cell, float | Decimal) else plain(str(cell))


def draw_chosen(viewer: Viewer, copy: Copy, urn: str) -> None:
    """The chosen school: why, the support it has, and where to go on."""
    profile = ask(school_profile, viewer, copy, urn)
    with st.container(border=True):
        st.header(plain(profile.school["name"]))
        with st.container(horizontal=True):
            draw_link("pages/school.py", label="Open the profile", query_params={"urn": urn})
            draw_watch(viewer, copy, urn)
        for column, card in zip(st.columns(3), profile.cards, strict=True):
            with column:
                draw_card(card, short=True)
        if viewer.may(Right.PEOPLE):
            st.markdown("**Support now**")
            draw_lines(ask(support_now, viewer, profile) or ["None is recorded."])
        _draw_needs(viewer, copy, profile)


def _draw_needs(viewer: Viewer, copy: Copy, profile: SchoolProfile) -> None:
    try:
        st.markdown(plain(ask(one_school_needs, viewer, copy, profile).words))
    except RulesRefused as error:
        st.warning(plain(error))
    draw_link("pages/support.py", label="Need and help of all schools of this scope", query_params={"view": "matrix"})
