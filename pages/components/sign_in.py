"""Who is at the door: the provider's word for who somebody is, and the page that nobody passes without a role."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote

import httpx
import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.navigation.page import StreamlitPage

from pages.components.words import plain
from risk_model.domain.errors import NotAllowed, RiskModelError
from risk_model.domain.paths import data_dir
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.access import Standing, access_settings, local_standing, standing_of
from risk_model.services.copy import Records

# where somebody was going, kept by the browser for the time of the sign-in: a path of this product, never more
_GOING = "risk_going"
# that a sign-in was begun; it is forgotten once somebody is in, so that one who is at the door with it was not let in
_BEGUN = "risk_begun"
_REMEMBER = Path(__file__).parent / "remember_going.html"
_FORGET = Path(__file__).parent / "forget_going.html"
_ACTING = "acting_for"
_HAS_LANDED = "has_landed"
_PROVIDER_SECONDS = 5.0
_PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")

# what it takes to find something on a page; None: open to whoever has a role
_WANTED: Mapping[str, Right | None] = {
    "support": Right.PEOPLE,
    "core_group": Right.PEOPLE,
    "my_schools": Right.PEOPLE,
    "regional_director": Right.RAISE,
    "history": Right.PEOPLE,
    "help": None,
    "access": None,
}


def is_configured() -> bool:
    """Whether a sign-in is configured; where it is, nobody is let in without."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def exposed() -> str:
    """Why a copy without sign-in must not be shown, in words; "" where only this machine can reach it."""
    address = st.get_option("server.address")
    if not _is_loopback(address or ""):
        return "it listens for other machines, too"
    headers = st.context.headers
    if any(name in headers for name in _PROXIED):
        return "it is reached through a proxy"
    host = headers.get("Host")
    if host and not _is_loopback(httpx.URL(f"http://{host}").host):
        return "it is reached under a name that is not this machine's own"
    return ""


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def standing_at_door(records: Records) -> Standing:
    """Who is asking, today.

    Raises:
        NotAllowed: nobody whom this copy knows: not signed in, their session is over, or they have no role.
        RulesRefused: what the provider's claims give cannot be read.
    """
    if not is_configured():
        reason = exposed()
        if reason:
            raise NotAllowed(
                f"This copy has no sign-in, and {reason}: it shows nothing.",
                [
                    "Whoever runs it: configure a sign-in, as its description says how, or let it listen on the "
                    "loopback address alone, as it does unless it is told otherwise, and open it there.",
                ],
            )
        return local_standing()
    if not st.user.is_logged_in:
        raise NotAllowed("You are not signed in.", ["Sign in."])
    now = datetime.now(UTC)
    return standing_of(records, access_settings(data_dir()), st.user.to_dict(), now, st.session_state.get(_ACTING))


def standing_later(records: Records) -> Callable[[], Standing]:
    """A question that can be put after this run, where nothing tells any more who is at the browser: what are they now?

    Raises, when it is put:
        NotAllowed: nobody whom this copy knows any more.
    """
    if not is_configured():
        return local_standing
    claims, settings, acting = st.user.to_dict(), data_dir(), st.session_state.get(_ACTING)
    return lambda: standing_of(records, access_settings(settings), claims, datetime.now(UTC), acting)


def act_for(la_code: str) -> None:
    """From the next run on, act for another LA."""
    st.session_state[_ACTING] = la_code


def draw_door(refused: RiskModelError) -> None:
    """What somebody sees who may not come in: why, and how to sign in or out."""
    st.title("Schools at risk and their support")
    if not is_configured():
        st.error(plain(refused))
        return
    if not st.user.is_logged_in:
        # this product's own words, with nothing of anybody's in them: the page's address, kept for ten minutes
        st.html(_REMEMBER, unsafe_allow_javascript=True)
        st.write("This is for the staff and partners of the local authority. Sign in with your work account.")
        if st.button("Sign in", key="sign_in", type="primary"):
            _sign_in()
        elif st.context.cookies.get(_BEGUN):
            st.warning(
                "You are not signed in: the sign-in was begun, and what came back did not let you in. It was left "
                "early, took too long, was refused by your organisation, or was not meant for this product. Sign in "
                "once more; if the same happens again, tell whoever runs this product when it was."
            )
        return
    st.warning(plain(refused))
    st.button("Sign out", key="sign_out_at_door", on_click=st.logout)


def _sign_in() -> None:
    metadata = str(st.secrets["auth"].get("server_metadata_url", ""))
    try:
        answers = httpx.get(metadata, timeout=_PROVIDER_SECONDS).is_success
    except (httpx.HTTPError, httpx.InvalidURL):
        answers = False
    if answers:
        st.login()
    else:
        st.error(
            "The sign-in does not answer just now, so nobody can be let in. Nothing is wrong with your account: try "
            "again in some minutes, and tell whoever runs this product if it goes on."
        )


def land(pages: Mapping[str, StreamlitPage]) -> None:
    """After a sign-in, go where somebody was going; once.

    Args:
        pages: by the last part of their address.
    """
    going = st.context.cookies.get(_GOING)
    if not going or st.session_state.get(_HAS_LANDED) or not is_configured():
        return
    st.session_state[_HAS_LANDED] = True
    # a text of the browser's: nothing but the name of a page and its choices is taken from it
    path, _, choices = unquote(going).partition("?")
    page = pages.get(path.rstrip("/").rsplit("/", 1)[-1])
    if page is not None:
        st.switch_page(page, query_params=httpx.QueryParams(choices).multi_items())


def with_start(offered: Sequence[StreamlitPage]) -> list[StreamlitPage]:
    """The pages that are offered; where the overview is not, the bare address leads on to the first of them.

    Without a page of its own there, Streamlit gives the bare address to the first one, and no longer knows the one that
    it is linked by.
    """
    if any(one.url_path == "" for one in offered):
        return list(offered)
    start = st.Page(lambda: _begin_at(offered[0]), title="Start", url_path="start", default=True, visibility="hidden")
    return [*offered, start]


def _begin_at(first: StreamlitPage) -> None:
    if _is_bare(st.context.url or ""):
        st.switch_page(first)
    # nobody is led on in silence from an address that they asked for
    st.title("Nothing for you at this address")
    st.warning(
        "There is no page at this address, or it is not among those that your role opens. Nothing was changed. "
        "“Why can I see this?” at the foot says what your role is."
    )
    st.page_link(first, label=plain(f"Go on to {first.title}"))


def _is_bare(address: str) -> bool:
    """Whether an address names no page."""
    path = httpx.URL(address).path.strip("/")
    return path == str(st.get_option("server.baseUrlPath") or "").strip("/")


def forget_going() -> None:
    """Let the browser forget where somebody was going, and that they came by a sign-in: they are there."""
    kept = st.context.cookies
    if (kept.get(_GOING) or kept.get(_BEGUN)) and is_configured():
        st.html(_FORGET, unsafe_allow_javascript=True)


def draw_who(who: Standing) -> None:
    """At the foot of each page: as whom one is here."""
    if who.is_local:
        st.caption("Local use, no sign-in: whoever is at this machine may see and change everything.")
        return
    acting = f" for LA {', '.join(who.acting_for)}" if who.acting_for else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        # no markdown: it would make a mail link of an address
        st.text(f"Signed in as {who.viewer.name}{acting}.")
        st.page_link("pages/access.py", label="Why can I see this?")
        st.button("Sign out", key="sign_out", on_click=st.logout)


def may_open(viewer: Viewer, address: str) -> bool:
    """Whether a page has anything for a viewer. What is not offered is denied by the services all the same."""
    wanted = _WANTED.get(address, Right.READ)
    if wanted is None or viewer.may(wanted):
        return True
    sits_in_group = bool(viewer.localities)
    if address == "core_group":
        return sits_in_group
    is_one = viewer.system_leader_id is not None or bool(viewer.own_urns)
    return address == "my_schools" and (is_one or sits_in_group)
