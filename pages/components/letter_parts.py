"""Letters to schools: a list, writing one from a template, and what became of it."""

import streamlit as st

from pages.components.as_opened import as_opened
from pages.components.downloads import draw_file
from pages.components.letter_acts import draw_change_draft, draw_reply, draw_send, draw_withdraw
from pages.components.session import ask
from pages.components.support_message import done, saved
from pages.components.tables import show_table
from pages.components.words import date_columns, draw_lines, plain
from risk_model.domain.documents import Document
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.copy import Copy
from risk_model.services.letter_changes import save_letter
from risk_model.services.letter_facts import school_meetings
from risk_model.services.letter_files import LETTER_FILES, letter_file
from risk_model.services.letters import (
    LetterLine,
    draft_letter,
    letter_document,
    letter_list,
    letter_slips,
    letter_table,
    letter_templates,
)
from risk_model.services.letters_after import draft_after_meeting, meetings_without_letters
from risk_model.services.profile import school_names
from risk_model.services.scope import Scope

_STANDINGS = ("overdue", "drafted", "sent", "answered", "withdrawn")


def draw_letters(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """The letters to the schools in scope, narrowed by where they stand; one that is chosen; and writing another."""
    late = ask(letter_list, viewer, copy, scope, standing="overdue")
    if late:
        letters = "1 letter waits" if len(late) == 1 else f"{len(late)} letters wait"
        st.warning(f"{letters} for an answer that was asked for by an earlier day.")
    standing = st.selectbox("Show", _STANDINGS, index=None, key="letter_standing", placeholder="All letters", width=260)
    _draw_list(viewer, copy, ask(letter_list, viewer, copy, scope, standing=standing), "letters")
    if viewer.may(Right.LETTERS):
        _draw_after_meeting(viewer, copy, scope)
        st.header("Write a letter")
        names = ask(school_names, viewer, copy, scope)
        asked = st.query_params.get("for", "")
        place = list(names).index(asked) if asked in names else None
        urn = st.selectbox(
            "To which school",
            list(names),
            index=place,
            key="letter_for",
            format_func=lambda one: names.get(one, one),
            placeholder="Choose a school",
            width=520,
        )
        if urn is not None:
            _draw_write(viewer, copy, urn)


def _draw_after_meeting(viewer: Viewer, copy: Copy, scope: Scope) -> None:
    """A draft for every school of a meeting at once."""
    found = ask(meetings_without_letters, viewer, copy, scope)
    if not found:
        return
    with st.expander("Draft the letters after a meeting"), st.form(f"letters_after_{saved()}"):
        meeting = st.selectbox(
            "Meeting",
            list(found),
            format_func=lambda one: found[one],
            help="With how many schools have no such letter yet.",
        )
        written_on = st.date_input("Written on", value=copy.build.as_at, format="DD/MM/YYYY")
        st.caption("One draft for each school, from the letter after a review. Nothing is sent; read each first.")
        if not st.form_submit_button("Draft them"):
            return
        try:
            numbers = draft_after_meeting(viewer, copy, meeting, written_on)
        except RiskModelError as error:
            st.error(plain(error))
            return
    drafted = "1 letter was" if len(numbers) == 1 else f"{len(numbers)} letters were"
    done(f"{drafted} drafted. Nothing was sent.")


def draw_school_letters(viewer: Viewer, copy: Copy, urn: str) -> None:
    """The letters to one school, on its profile, and writing another."""
    _draw_list(viewer, copy, ask(letter_list, viewer, copy, Scope(), urn=urn), f"letters_{urn}")
    if viewer.may(Right.LETTERS):
        with st.expander("Write a letter"):
            _draw_write(viewer, copy, urn)


def _draw_list(viewer: Viewer, copy: Copy, lines: list[LetterLine], key: str) -> None:
    if not lines:
        st.write("No such letter is recorded.")
        return
    chosen = show_table(
        ask(letter_table, lines),
        key=key,
        column_config=date_columns("Sent on", "Answer by", "Answered on"),
        on_select="rerun",
        selection_mode="single-row",
        alt="Letters, those that wait longest for an answer first, then the newest",
    )
    st.caption("Select a row to read the letter, download it, send it or record the answer.")
    rows = chosen.selection.rows
    number = st.query_params.get("letter", "")
    by_number = {str(line.letter.id): line for line in lines}
    if rows and rows[0] < len(lines):
        _draw_letter(viewer, copy, lines[rows[0]])
    elif number in by_number:
        _draw_letter(viewer, copy, by_number[number])


def _draw_letter(viewer: Viewer, copy: Copy, line: LetterLine) -> None:
    letter = as_opened("letter", line.letter.id, line.letter)
    st.header(f"Letter {letter.id}: {plain(line.title)}")
    st.markdown(plain(f"{line.school} · {line.standing} · rests on build {letter.build_id or 'not recorded'}"))
    if letter.reply:
        st.markdown(f"**Answer.** {plain(letter.reply)}")
    is_draft = letter.sent_on is None and letter.withdrawn_reason is None
    for slip in letter_slips(letter) if is_draft else []:
        st.warning(plain(slip))
    with st.container(border=True):
        _draw_document(ask(letter_document, viewer, copy, letter.id))
    with st.container(horizontal=True):
        for ending, (words, kind) in LETTER_FILES.items():
            draw_file(
                f"Letter {letter.id} as {words}",
                lambda ending=ending: letter_file(viewer, copy, letter.id, ending).content,
                f"letter_{letter.id}_{letter.urn}.{ending}",
                kind,
                key=f"letter_{letter.id}_{ending}",
            )
    st.caption(f"SHA-256 of its text: {letter.content_hash}. Each download is logged.")
    if not viewer.may(Right.LETTERS) or letter.withdrawn_reason is not None:
        return
    if is_draft:
        change, send, withdraw = st.tabs(["Change", "Record as sent", "Withdraw the letter"])
        with change:
            draw_change_draft(viewer, copy, letter)
        with send:
            draw_send(viewer, copy, letter)
    else:
        reply, withdraw = st.tabs(["Record the answer", "Withdraw the letter"])
        with reply:
            draw_reply(viewer, copy, letter)
    with withdraw:
        draw_withdraw(viewer, copy, letter)


def _draw_document(document: Document) -> None:
    """A letter as it will leave; every text of it is text, line breaks included."""
    st.markdown(f"**{plain(document.title)}**")
    for paragraph in document.about:
        st.markdown(_lines(paragraph))
    for section in document.sections:
        st.markdown(f"**{plain(section.title)}**")
        for part in section.text:
            if isinstance(part, str):
                st.markdown(_lines(part))
            else:
                draw_lines(part.points)


def _lines(text: str) -> str:
    return "  \n".join(plain(line) for line in text.split("\n"))


def _draw_write(viewer: Viewer, copy: Copy, urn: str) -> None:
    """What the letter is about, then its first draft in a form."""
    templates = ask(letter_templates, viewer, copy, urn)
    if not templates:
        st.write("The LA writes no such letters to this school: it is neither a maintained school nor an academy.")
        return
    spoken = ask(school_meetings, viewer, copy, urn)
    left, middle, right = st.columns(3)
    with left:
        template = st.selectbox(
            "Which letter", list(templates), key=f"letter_template_{urn}", format_func=lambda one: templates[one]
        )
    with middle:
        meeting = st.selectbox(
            "After which meeting",
            [*spoken, None],
            key=f"letter_meeting_{urn}",
            format_func=lambda one: "none" if one is None else spoken[one],
        )
    with right:
        written_on = st.date_input("Written on", value=copy.build.as_at, key=f"letter_day_{urn}", format="DD/MM/YYYY")
    try:
        draft = ask(draft_letter, viewer, copy, urn, template, written_on, meeting)
    except RiskModelError as error:
        st.error(plain(error))
        return
    with st.form(f"letter_{urn}_{template}_{meeting}_{written_on}_{saved()}"):
        addressed_to = st.text_input("Addressed to", value=draft.addressed_to, max_chars=200)
        subject = st.text_input("Subject", value=draft.subject, max_chars=300)
        body = st.text_area(
            "Text",
            value=draft.body,
            height=480,
            max_chars=20_000,
            help="A line that begins with # is a heading; a dash, a point; an empty line, a new paragraph.",
        )
        answer_by = st.date_input("Answer asked for by", value=draft.answer_by, format="DD/MM/YYYY")
        if draft.to_say:
            st.caption(
                f"{draft.to_say} places marked [to say: …] are for you; it is not sent before they are filled in."
            )
        if not st.form_submit_button("Save the draft", type="primary"):
            return
    try:
        number = save_letter(viewer, copy, urn, template, addressed_to, subject, body, answer_by, meeting)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Letter number {number} was saved as a draft. Nothing was sent.")
