"""Exactly what leaves for the regional director: one table, from which the preview and every file are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from risk_model.casework import hash_of
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require_la
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.exports.tables import as_csv
from risk_model.rules.director import DirectorSettings, read_director_settings
from risk_model.services.copy import Copy
from risk_model.services.director_fields import DEFAULT_FIELDS, Cell, ListField, chosen_fields
from risk_model.services.director_told import AcademyTold, academies_told
from risk_model.services.regional_director import trust_pictures
from risk_model.services.scope import licence_line
from risk_model.services.shareable import FEW_PUPILS_LEFT_OUT, FEWEST_PUPILS

# what each line says of itself, so that a line that is copied elsewhere still says it
STAMPS = ("Classification", "As at", "Rules", "Build")
LEFT_OUT = (
    "Never on this list, for any academy: notes for the local authority's officers alone; what it holds about "
    "complaints, safeguarding, governance, budgets, formal notices, engagement and its advisers' visits, but for what "
    "it shares in words of its own; the judgements of advisers and core groups; support in matters of personnel, "
    f"finance and safeguarding; figures of fewer than {FEWEST_PUPILS} pupils. A level may rest on what is left out."
)


@dataclass(frozen=True)
class Choice:
    """What somebody chose to take to the regional director.

    Attributes:
        urns: of the academies, in any order; fields: codes of the fields beside those that are always there.
        banner: the code of the classification; "" is the usual one.
    """

    la_code: str
    urns: tuple[str, ...]
    fields: tuple[str, ...] = DEFAULT_FIELDS
    banner: str = ""


@dataclass(frozen=True)
class ListContent:
    """What leaves.

    Attributes:
        table: a row per academy, by trust and most urgent first; texts, whole numbers and dates, none missing.
        told: the academies of these rows, in their order.
        fields: the chosen fields, in the order of the columns.
        pictures: of each trust on the list its picture, as far as the chosen fields allow.
        content_hash: SHA-256 of the table as a CSV file, byte for byte: by it each file is known again.
    """

    choice: Choice
    la_name: str
    banner: str
    as_at: date
    rule_set: str
    build_id: str
    table: pd.DataFrame
    told: tuple[AcademyTold, ...]
    fields: tuple[ListField, ...]
    pictures: dict[str, tuple[str, ...]]
    content_hash: str
    settings: DirectorSettings
    licence: str

    @property
    def name(self) -> str:
        """Of each file, without its ending."""
        return f"academies_{self.choice.la_code}_{self.as_at.isoformat()}_{self.content_hash[:12]}"

    @cached_property
    def shown(self) -> pd.DataFrame:
        """The same table for a screen: dates in words, everything as text."""
        return self.table.map(cell_in_words)

    @property
    def few_left_out(self) -> int:
        """How many figures of few pupils were left out: rules, and counts in what somebody wrote."""
        rules = sum(sum(one.few.values()) for one in self.told)
        cells = [value for value in self.table.to_numpy().ravel() if isinstance(value, str)]
        return rules + sum(value.count(FEW_PUPILS_LEFT_OUT) for value in cells)

    @property
    def about(self) -> tuple[str, ...]:
        """What it is, by which build and rules, and by what it is known again; a line each."""
        return (
            f"As at {in_words(self.as_at)}, by rules {self.rule_set}, build {self.build_id}.",
            f"SHA-256 of the list as a CSV file: {self.content_hash}",
        )

    @property
    def method(self) -> tuple[str, ...]:
        """How it was made and what it cannot say, a paragraph each."""
        return (
            f"{NOT_A_PREDICTION} Each level is worked out by the published rules {self.rule_set} from evidence that "
            f"was out by {in_words(self.as_at)}.",
            LEFT_OUT,
            "Not held in this copy: the finance of a trust as a whole, and who leads it.",
            'Each field says where it comes from. What begins with "LA:" is said by the local authority and is not '
            "published data.",
            "The SHA-256 is that of the CSV file of this list. The workbook, the Word file and the PDF that were made "
            "with it hold the same cells and print the same number; the local authority's log of exports has it too.",
            self.licence,
        )


def cell_in_words(value: Cell) -> str:
    """A cell as a screen or a document shows it: a date as 14 May 2025."""
    return in_words(value) if isinstance(value, date) else str(value)


def director_settings(viewer: Viewer, copy: Copy, la_code: str) -> DirectorSettings:
    """The classifications, the cover note and the wording of asks that hold for this copy.

    Raises:
        NotAllowed: the viewer may not read this LA.
        RulesRefused: the LA's own director.toml is not valid.
    """
    require_la(viewer, la_code, Right.RAISE)
    return read_director_settings(copy.data.root)


def list_content(viewer: Viewer, copy: Copy, chosen: Choice) -> ListContent:
    """What leaves, by a choice: the preview shows it, and every file is made from it.

    Raises:
        NotAllowed: the viewer may not take this LA's list out; a school that cannot be on it, a field or a
            classification that there is not.
        NotFound: no academy is chosen.
        RulesRefused: the LA's own director.toml is not valid.
    """
    settings = director_settings(viewer, copy, chosen.la_code)
    if not chosen.urns:
        raise NotFound("No academy is chosen.", ["Choose at least one."])
    fields, banner = chosen_fields(chosen.fields), _banner(settings, chosen.banner)
    told = academies_told(viewer, copy, chosen.la_code, chosen.urns)
    build = copy.build
    said: tuple[Cell, ...] = (banner, build.as_at, build.rule_set, build.build_id)
    stamps = dict(zip(STAMPS, said, strict=True))
    table = _table(told, fields, stamps)
    codes = {"", *(one.code for one in fields)}
    trusts = dict.fromkeys(one.academy.trust for one in told)
    pictures = trust_pictures(viewer, copy, chosen.la_code)
    return ListContent(
        choice=chosen,
        la_name=str(told[0].academy.row["la_name"]),
        banner=banner,
        as_at=build.as_at,
        rule_set=build.rule_set,
        build_id=build.build_id,
        table=table,
        told=tuple(told),
        fields=fields,
        pictures={
            name: tuple(sentence for code, sentence in pictures[name].items() if code in codes) for name in trusts
        },
        content_hash=hash_of(as_csv(table)),
        settings=settings,
        licence=licence_line(viewer, copy),
    )


def _banner(settings: DirectorSettings, code: str) -> str:
    texts = settings.banner_texts
    if not code:
        return next(iter(texts.values()))
    if code not in texts:
        raise NotAllowed(
            f"{code[:40]!r} is no classification here.", [f"Nothing was made. Choose one of: {', '.join(texts)}."]
        )
    return texts[code]


def _table(told: Sequence[AcademyTold], fields: Sequence[ListField], stamps: dict[str, Cell]) -> pd.DataFrame:
    rows = [[*(one.read(each) for one in fields), *stamps.values()] for each in told]
    return pd.DataFrame(rows, columns=[*(one.heading for one in fields), *stamps], dtype=object)
