"""Links to other pages of the product: only where whoever looks may open them."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import streamlit as st

from pages.components.session import viewer
from pages.components.sign_in import may_open
from pages.components.words import plain


def draw_link(page: str, label: str, query_params: Mapping[str, str | Sequence[str]] | None = None) -> None:
    """A link to a page, or its words alone for somebody whose navigation has no such page.

    Args:
        page: the file, "pages/school.py".
        label: markdown.
        query_params: what the page is to show.
    """
    if may_open(viewer(), PurePosixPath(page).stem):
        st.page_link(page, label=label, query_params=dict(query_params) if query_params else None)
    else:
        st.markdown(label)


def link_to_row(source: str, release_id: str, row: int) -> None:
    """A link from a figure to the row of the file in which it stands.

    Args:
        source: the file and the row, in words.
    """
    draw_link(
        "pages/figure.py",
        label=f"Figure from {plain(source)}",
        query_params={"release": release_id, "row": str(row)},
    )


def link_to_support(number: int, school: str) -> None:
    """A link to one piece of support, where visits, reviews and its end are recorded.

    Args:
        school: the name of the school that it is for.
    """
    draw_link(
        "pages/support.py",
        label=f"Open support number {number} for {plain(school)}",
        query_params={"view": "support", "number": str(number)},
    )
