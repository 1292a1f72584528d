"""How a page ends before its last line: what stands at the foot of each page is drawn all the same."""

from typing import NoReturn


class PageEnds(Exception):
    """A page has said all that it has to say."""


def end_page() -> NoReturn:
    """End the page here. Streamlit's own `st.stop` would also end what comes after the page."""
    raise PageEnds
