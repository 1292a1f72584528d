"""What leaves for the regional director: looked at as it will be, then taken out as a file that is logged first."""

import streamlit as st

from pages.components.director_choice import choice_now
from pages.components.downloads import draw_file
from pages.components.session import ask, enter
from pages.components.session import copy as copy_now
from pages.components.tables import show_table
from pages.components.words import draw_lines, plain, safe
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.director_content import ListContent, director_settings, list_content
from risk_model.services.director_export import FILE_KINDS, export_list, export_log
from risk_model.services.director_pack import academy_pages, list_document
from risk_model.services.scope import Scope


def draw_preview(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Step 3: the very table that every file is made from, and each academy's page."""
    texts = ask(director_settings, viewer, copy, scope.la_code or "").banner_texts
    st.selectbox(
        "Classification on every page", list(texts), key="banner", format_func=lambda code: texts.get(code, code)
    )
    content = _content(viewer, copy, scope)
    if content is None:
        return
    _draw_head(content)
    show_table(
        content.shown,
        key="director_preview",
        alt="Exactly what leaves, one row per academy",
    )
    pages = ask(academy_pages, viewer, content)
    chosen = st.selectbox("One academy's page", list(pages), key="director_page")
    for title, table in pages.get(chosen, {}).items():
        st.header(title)
        st.table(table.map(plain).set_index("About"))
    with st.expander("Cover note, trusts, method and caveats, as they leave"):
        for section in ask(list_document, viewer, content).sections:
            st.markdown(f"**{plain(section.title)}**")
            draw_lines(section.text)
        st.markdown("**Method and caveats**")
        draw_lines(content.method)


def draw_export(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """Step 4: the files; each is made and logged when its button is pressed, with the rights of the viewer."""
    content = _content(viewer, copy, scope)
    if content is not None:
        _draw_head(content)
        if viewer.may(Right.SEND):
            _draw_files(viewer, copy, content)
        else:
            st.info("The LA's lead takes the list out. What you chose stands in this page's address: send it to them.")
    draw_log(scope)


def _draw_files(viewer: Viewer, copy: Copy, content: ListContent) -> None:
    choice = content.choice
    with st.container(horizontal=True):
        for ending, (title, media_type) in FILE_KINDS.items():
            draw_file(
                f"Export as {title}",
                lambda ending=ending: export_list(viewer, copy, choice, ending).content,
                f"{content.name}.{ending}",
                media_type,
                key=f"director_{ending}",
                reruns=True,
            )
    st.caption(
        "Each file is written into the log before it is handed over: who took it, when, which academies and "
        "fields, and its SHA-256."
    )


# a file is logged when the browser fetches it, which is after the page was drawn
@st.fragment(run_every=3)
def draw_log(scope: Scope) -> None:
    """Who took what out of this LA, the newest first; it runs by itself, so it asks each time who is looking."""
    try:
        who = enter().viewer
    except RiskModelError:
        # the page says why
        st.rerun()
    st.header("What has left")
    log = ask(export_log, who, copy_now(), scope.la_code or "")
    if log.empty:
        st.write("Nothing has left yet.")
        return
    count = f"{len(log)} {'file' if len(log) == 1 else 'files'}"
    st.caption(f"{count}. The log is never changed; the same SHA-256 of the content means the same list.")
    show_table(
        log,
        key="director_log",
        alt="Files that left, who took them and what was in them",
    )


def _content(viewer: Viewer, copy: Copy, scope: Scope) -> ListContent | None:
    try:
        return ask(list_content, viewer, copy, choice_now(scope))
    except RiskModelError as error:
        st.info(plain(safe(error.message)))
        draw_lines(safe(line) for line in error.details)
        return None


def _draw_head(content: ListContent) -> None:
    trusts = len(content.pictures)
    st.markdown(
        f"**{plain(content.banner)}**  \n**{len(content.told)}** academies of **{trusts}** trusts, "
        f"**{len(content.fields)}** fields."
    )
    draw_lines(content.about)
    if content.few_left_out:
        st.markdown(
            f"▲ Left out as of fewer pupils than may be told: **{content.few_left_out}** figures. A person must still "
            "read what was written by hand."
        )
