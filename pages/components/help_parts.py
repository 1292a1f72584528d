"""The views of the Help page."""

from itertools import groupby

import pandas as pd
import streamlit as st

from pages.components.links import draw_link
from pages.components.session import ask, data
from pages.components.url import put_into_url, take_from_url
from pages.components.words import draw_lines, plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.downloading import Offer, download_offers
from risk_model.services.glossary import Term, looked_up
from risk_model.services.guide import GuideStep, accessibility, changes, guide_walks, not_for, own_data_steps
from risk_model.services.scope import Scope

# where a step of the guide is done: its page, and what of it
PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "a1_overview": ("overview", {}),
    "a2_list": ("schools_at_risk", {"outcomes": "unlikely"}),
    "a3_why": ("schools_at_risk", {"outcomes": "unlikely"}),
    "a4_profile": ("school", {}),
    "1_gaps": ("support", {"view": "gaps"}),
    "2_who_could_help": ("support", {"view": "match"}),
    "3_warned": ("support", {"view": "add"}),
    "4_added": ("support", {"view": "add"}),
    "5_briefing": ("support", {"view": "support"}),
    "6_visit": ("support", {"view": "support"}),
    "7_review": ("support", {"view": "support"}),
    "8_end": ("support", {"view": "support"}),
    "c1_prepare": ("core_group", {"view": "prepare"}),
    "c2_facts": ("core_group", {"view": "meeting"}),
    "c3_conflict": ("core_group", {"view": "meeting"}),
    "c4_decide": ("core_group", {"view": "meeting"}),
    "c5_defer": ("core_group", {"view": "meeting"}),
    "c6_minutes": ("core_group", {"view": "meeting"}),
    "c7_history": ("history", {}),
    "d1_choose": ("regional_director", {"view": "choose"}),
    "d2_fields": ("regional_director", {"view": "fields"}),
    "d3_preview": ("regional_director", {"view": "preview"}),
    "d4_export": ("regional_director", {"view": "export"}),
    "d5_raise": ("regional_director", {"view": "raised"}),
    "e1_fresh": ("data", {"part": "Freshness"}),
    "e2_template": ("data", {"part": "What the LA holds"}),
    "e3_look": ("data", {"part": "Import"}),
    "e4_import": ("data", {"part": "Import"}),
    "e5_build": ("data", {"part": "Builds"}),
}
# a page's choice of its part: what stands in its address
_PART_KEYS = {"data": "part"}


def draw_first_hour(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """One walk of the guide, with its pictures, each step with a link to the page where it is done."""
    walks = ask(guide_walks, viewer)
    take_from_url("walk", {"walk": list(walks)})
    st.session_state["walk"] = st.session_state["walk"] or next(iter(walks))
    chosen = st.selectbox(
        "Whose first hour",
        list(walks),
        key="walk",
        format_func=lambda one: f"{walks[one].whose}: {walks[one].heading}",
        width=520,
    )
    if "walk" in st.query_params or chosen != next(iter(walks)):
        put_into_url("walk", ["walk"])
    walk = walks[chosen]
    st.header(walk.heading)
    st.write(plain(walk.begins))
    st.caption("The pictures show the invented LA. Try each step there: nothing that you do to it matters.")
    for step in walk.steps:
        _draw_step(step)


def _draw_step(step: GuideStep) -> None:
    page, query = PLACES[step.key]
    st.subheader(plain(f"{step.number} {step.title}"))
    st.write(plain(step.text))
    draw_link(f"pages/{page}.py", label=f"Go to step {step.number}: {plain(step.title)}", query_params=query)
    st.image(str(step.picture), alt=step.shown)


def draw_own_data(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """How an LA brings its own data in, with the official addresses."""
    st.write("From the invented LA to yours. The files are public; none of the steps needs a password.")
    st.header("Step by step")
    try:
        offers = {one.id: one for one in download_offers(viewer, data())}
    except RiskModelError as error:
        st.error(plain(error))
        offers = {}
    for number, step in enumerate(own_data_steps(viewer), start=1):
        st.subheader(plain(f"{number} {step.title}"))
        st.write(plain(step.text))
        for source in step.sources:
            if source in offers:
                st.markdown(f"- {plain(offers[source].name)}: [{plain(offers[source].page)}]({offers[source].page})")
        query = {_PART_KEYS.get(step.page, "view"): step.view} if step.view else {}
        draw_link(f"pages/{step.page}.py", label=f"Go to step {number}: {plain(step.title)}", query_params=query)
    st.header("Where the official files are")
    st.write(
        "These are the addresses as they stand in the catalogue of downloads. They could not be tried where this "
        "was written: each says how sure it is."
    )
    st.table(_addresses(list(offers.values())), hide_index=True, alt="The official files and where a person finds them")


def _addresses(offers: list[Offer]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "File": [f"[{plain(one.name)}]({one.page})" for one in offers],
            "Publisher": [plain(one.publisher) for one in offers],
            "Comes out": [plain(one.cadence) for one in offers],
            "How sure the address is": [plain(one.known) for one in offers],
        }
    )


def draw_words(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The glossary, part by part; a search in it."""
    take_from_url("word", {"word": None})
    text = st.text_input("Find a word", key="word", placeholder="P8, gap, regional director …", width=320)
    put_into_url("word", ["word"])
    found = looked_up(viewer, text or "")
    if not found:
        st.info("No word is called so, and none is explained by it. Try a shorter part of it.")
    if text:
        _draw_terms(found)
        return
    for about, terms in groupby(found, key=lambda one: one.about):
        st.header(about)
        _draw_terms(list(terms))


def _draw_terms(terms: list[Term]) -> None:
    st.markdown("\n".join(f"- **{plain(one.heading)}**: {plain(one.meaning)}" for one in terms))


def draw_accessibility(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The accessibility statement."""
    said = accessibility(viewer)
    st.write(plain(f"Stated on {in_words(said.stated_on)}. What we aim at: {said.aim}"))
    st.header("What was tested, and how")
    draw_lines(said.tested)
    st.header("What was not tested")
    draw_lines(said.not_tested)
    st.header("Faults that we know of")
    st.table(
        pd.DataFrame(
            {
                "Fault": [plain(one.what) for one in said.faults],
                "What to do instead": [plain(one.instead) for one in said.faults],
                "Cause": [plain(one.cause) for one in said.faults],
            }
        ),
        hide_index=True,
        alt="Known faults, what to do instead, and what causes them",
    )
    st.header("If something keeps you out")
    st.write(
        "Tell whoever runs this copy for your LA: which page, what you tried, and with which browser and aid. "
        "Every list can be exported as a file in the meantime."
    )


def draw_not_for(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """What the product must not be used for."""
    st.header("What it must not be used for")
    draw_lines(not_for(viewer))
    draw_link("pages/model.py", label="How often the rules were right, and for whom they err")


def draw_changes(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """What is new, the newest first."""
    for one in changes(viewer):
        st.header(plain(one.title))
        st.caption(in_words(one.on))
        draw_lines(one.lines)
