"""The glossary: what each word means, as the schools use it. The words stand in `data/lookups/glossary.csv`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from risk_model.domain.errors import NotFound
from risk_model.domain.paths import LOOKUPS
from risk_model.domain.viewer import Viewer, require_role

GLOSSARY = LOOKUPS / "glossary.csv"


@dataclass(frozen=True)
class Term:
    """A word and what it means.

    Attributes:
        term: the word, as it stands on screen.
        also_called: its short or its long form, "RI" or "unique reference number"; "" for none.
        meaning: what it means, in one to four sentences.
        about: the part of the glossary in which it stands.
        asked_as: other words that lead to it.
    """

    term: str
    also_called: str
    meaning: str
    about: str
    asked_as: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The word with its other form: "Requires improvement (RI)"."""
        return f"{self.term} ({self.also_called})" if self.also_called else self.term

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is found."""
        short = tuple(one.strip() for one in self.also_called.split(",") if one.strip())
        return (self.term, *short, *self.asked_as)


def glossary(viewer: Viewer) -> list[Term]:
    """Every word of the glossary, part by part, as the file orders them.

    Raises:
        NotAllowed: the viewer has no role.
    """
    require_role(viewer)
    return list(_read(GLOSSARY.stat().st_mtime_ns)[0])


@lru_cache(maxsize=1)
def _read(changed: int) -> tuple[tuple[Term, ...], Mapping[str, Term]]:
    """The file as it was at that time, and its terms by each of their names: pages ask a dozen times a run."""
    del changed
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        terms = tuple(_term(row) for row in csv.DictReader(file))
    # of two with the same name the first
    return terms, {name.casefold(): one for one in reversed(terms) for name in one.names}


def _term(row: dict[str, str]) -> Term:
    others = tuple(one.strip() for one in row["asked_as"].split(";") if one.strip())
    return Term(row["term"], row["also_called"], row["meaning"], row["about"], others)


def explained(viewer: Viewer, word: str) -> str:
    """What a word means, to be shown beside it: "Progress 8 (P8): how …".

    Args:
        word: a term, its short or long form, or another word that leads to it; capitals do not matter.
    Raises:
        NotAllowed: the viewer has no role.
        NotFound: the glossary has no such word.
    """
    require_role(viewer)
    found = _read(GLOSSARY.stat().st_mtime_ns)[1].get(word.strip().casefold())
    if found is None:
        raise NotFound(
            f'The glossary does not explain "{word}".',
            [f"Its words stand in data/lookups/{GLOSSARY.name}: add a line there."],
        )
    return f"{found.heading}: {found.meaning}"


def looked_up(viewer: Viewer, text: str) -> list[Term]:
    """The words that a text is found in: in a name first, then in a meaning; all of them for an empty text.

    Raises:
        NotAllowed: the viewer has no role.
    """
    terms = glossary(viewer)
    sought = text.strip().casefold()
    named = [one for one in terms if any(sought in name.casefold() for name in one.names)]
    meant = [one for one in terms if one not in named and sought in one.meaning.casefold()]
    return [*named, *meant]
