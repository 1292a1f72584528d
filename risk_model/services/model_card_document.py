"""The model card as a document, for a committee's papers."""

from risk_model.domain.documents import Document, Section
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.services.copy import Copy
from risk_model.services.model_card import QUESTION_TITLES, ModelCard
from risk_model.services.scope import licence_line


def model_card_document(viewer: Viewer, copy: Copy, card: ModelCard, question: str) -> Document:
    """A model card as a document: the same sentences in the same order as on the screen.

    Args:
        card: as `model_card` gives it; question: the one that it answers.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    build = copy.build
    numbers = (f"Counted: {QUESTION_TITLES[question]}.", *card.in_numbers) if card.has_figures else (card.standing,)
    parts = (
        ("What it is for", card.purpose),
        ("What it is not for", card.not_for),
        ("How often it is right, and how often wrong", numbers),
        ("For whom it errs", card.for_whom),
        ("This local authority beside England", card.here),
        ("How old the evidence is", card.ages),
        ("What cannot be compared", card.eras),
        ("Who was inspected", card.bias),
        ("Limits", card.limits),
        ("How often the test was looked at", card.looks),
    )
    return Document(
        title="Model card: schools at risk",
        name=f"model_card_{build.build_id}",
        about=(
            f"Rules {build.rule_set}, build {build.number}, as at {in_words(build.as_at)}. {NOT_A_PREDICTION}",
            *((card.standing,) if card.has_figures else ()),
            *card.notes,
            licence_line(viewer, copy),
        ),
        sections=tuple(Section(title, text=lines) for title, lines in parts if lines),
    )
