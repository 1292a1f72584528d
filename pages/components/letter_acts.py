"""What can be done with a letter: change its draft, record that it was sent, record the answer, withdraw it."""

import streamlit as st

from pages.components.support_message import done, saved
from pages.components.words import plain
from risk_model.domain.errors import RiskModelError
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.letter_changes import (
    REPLY_KINDS,
    Letter,
    change_draft,
    record_reply,
    send_letter,
    take_back_letter,
)


def draw_change_draft(viewer: Viewer, copy: Copy, letter: Letter) -> None:
    """A form with the text of a draft."""
    with st.form(f"change_letter_{letter.id}_{saved()}"):
        addressed_to = st.text_input("Addressed to", value=letter.addressed_to, max_chars=200)
        subject = st.text_input("Subject", value=letter.subject, max_chars=300)
        body = st.text_area("Text", value=letter.body, height=480, max_chars=20_000)
        answer_by = st.date_input("Answer asked for by", value=letter.answer_by, format="DD/MM/YYYY")
        if not st.form_submit_button("Save the change", type="primary"):
            return
    try:
        change_draft(viewer, copy, letter.id, letter.version, addressed_to, subject, body, answer_by)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Letter number {letter.id} was changed. Nothing was sent.")


def draw_send(viewer: Viewer, copy: Copy, letter: Letter) -> None:
    """When and how it was sent; from then on its text stands."""
    with st.form(f"send_letter_{letter.id}_{saved()}"):
        sent_on = st.date_input("Sent on", value=copy.build.as_at, format="DD/MM/YYYY")
        sent_how = st.text_input("How", value="by secure mail", max_chars=100)
        st.caption("The product sends nothing by itself. Once this is recorded, the text is never changed.")
        if not st.form_submit_button("Record as sent", type="primary"):
            return
    try:
        send_letter(viewer, copy, letter.id, letter.version, sent_on, sent_how)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Letter number {letter.id} is recorded as sent.")


def draw_reply(viewer: Viewer, copy: Copy, letter: Letter) -> None:
    """What the answer comes to, when, and what it says; a recorded one is corrected with a reason."""
    with st.form(f"reply_letter_{letter.id}_{saved()}"):
        place = REPLY_KINDS.index(letter.reply_kind.value) if letter.reply_kind else None
        kind = st.selectbox("What the answer comes to", REPLY_KINDS, index=place, placeholder="Choose")
        replied_on = st.date_input("Answered on", value=letter.replied_on or copy.build.as_at, format="DD/MM/YYYY")
        reply = st.text_area("What it says", value=letter.reply or "", max_chars=4000)
        reason = st.text_input("Why it is corrected", max_chars=500) if letter.reply_kind else None
        if not st.form_submit_button("Save the answer", type="primary"):
            return
    if kind is None:
        st.error("Choose what the answer comes to.")
        return
    try:
        record_reply(viewer, copy, letter.id, letter.version, kind, replied_on, reply, reason or None)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"The answer to letter number {letter.id} was recorded: {kind}.")


def draw_withdraw(viewer: Viewer, copy: Copy, letter: Letter) -> None:
    """Why the letter should not be relied on."""
    with st.form(f"withdraw_letter_{letter.id}_{saved()}"):
        reason = st.text_input("Why it is withdrawn", max_chars=500)
        st.caption("It stays on record as it was, with the reason. What was sent has to be taken back in writing.")
        if not st.form_submit_button("Withdraw the letter"):
            return
    try:
        take_back_letter(viewer, copy, letter.id, letter.version, reason)
    except RiskModelError as error:
        st.error(plain(error))
        return
    done(f"Letter number {letter.id} was withdrawn.")
