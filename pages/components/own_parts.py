"""What a head, a member of a core group and a system leader see who read nothing else: their own schools."""

import streamlit as st

from pages.components.downloads import draw_file
from pages.components.links import draw_link
from pages.components.my_schools_parts import draw_own_support
from pages.components.room_parts import draw_seen_school
from pages.components.session import ask
from pages.components.tables import show_table
from pages.components.words import plain
from risk_model.domain.viewer import Viewer
from risk_model.exports.documents import DOCX_TYPE
from risk_model.exports.pdf import PDF_TYPE
from risk_model.services.copy import Copy
from risk_model.services.letter_files import my_letter_file
from risk_model.services.own_groups import own_groups
from risk_model.services.own_letters import letters_to_my_school
from risk_model.services.seen_school import school_as_seen

_LETTER_KINDS = (("pdf", "PDF", PDF_TYPE), ("docx", "Word", DOCX_TYPE))
_COLUMNS = {
    "name": "School",
    "urn": "URN",
    "locality": "Locality",
    "priority": "Place",
    "outcomes": "Good outcomes",
    "leadership": "Effective action",
    "inspection": "Next inspection",
}


def draw_own(viewer: Viewer, copy: Copy) -> None:
    """Everything that is theirs, by what they are."""
    if viewer.system_leader_id is not None:
        draw_own_support(viewer, copy)
    for urn in sorted(viewer.own_urns):
        _draw_school(viewer, copy, urn)
    if viewer.own_urns:
        _draw_letters(viewer, copy)
    if viewer.localities:
        _draw_groups(viewer, copy)


def _draw_school(viewer: Viewer, copy: Copy, urn: str) -> None:
    school = ask(school_as_seen, viewer, copy, urn)
    st.header(plain(school.name))
    st.caption(plain(school.about))
    draw_seen_school(school)


def _draw_letters(viewer: Viewer, copy: Copy) -> None:
    st.header("Letters to your school")
    found = ask(letters_to_my_school, viewer, copy)
    if not found:
        st.write("None has been sent.")
    for one in found:
        st.markdown(f"**{plain(one.subject)}**")
        for ending, name, media_type in _LETTER_KINDS:
            draw_file(
                f"Letter {one.id} as {name}",
                lambda number=one.id, kind=ending: my_letter_file(viewer, copy, number, kind).content,
                f"letter_{one.id}.{ending}",
                media_type,
                key=f"own_letter_{one.id}_{ending}",
            )


def _draw_groups(viewer: Viewer, copy: Copy) -> None:
    groups = ask(own_groups, viewer, copy)
    st.header("Your core group")
    draw_link("pages/core_group.py", label="Open its meeting: the agenda, what is decided, and the minutes")
    name = st.selectbox("Core group", list(groups), key="own_group") if len(groups) > 1 else next(iter(groups))
    schools = groups[str(name)]
    st.markdown(f"**{len(schools)} schools of {plain(name)}, {(schools['priority'] == 'priority').sum()} a priority**")
    show_table(schools[list(_COLUMNS)].rename(columns=_COLUMNS), key="own_schools", alt=f"Schools of {name}")
    names = dict(zip(schools["urn"], schools["name"], strict=True))
    urn = st.selectbox(
        "School", list(names), index=None, key="own_group_school", format_func=lambda one: f"{names[one]} ({one})"
    )
    if urn:
        _draw_school(viewer, copy, str(urn))
