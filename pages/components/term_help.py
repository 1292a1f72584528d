"""What a word means, as help beside it, in the glossary's own words."""

from pages.components.session import viewer
from pages.components.words import plain
from risk_model.services.glossary import explained


def meaning(word: str) -> str:
    """The glossary's words for a term, for the help of a widget or a column.

    Raises:
        NotFound: the glossary does not have it.
    """
    return plain(explained(viewer(), word))
