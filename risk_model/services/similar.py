"""Similar schools: the schools of England with an intake like this one's, and where it stands among them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import MISSING_IN_WORDS, MissingReason
from risk_model.services.copy import Copy
from risk_model.services.scope import licence_line

_SQL = Path(__file__).parent / "sql"
_LIST_SQL = (_SQL / "similar_list.sql").read_text("utf-8")
_STANDING_SQL = (_SQL / "similar_standing.sql").read_text("utf-8")

# The main measures in the order of the screen: what a figure is called, in a column and in full, its decimals and
# whether much of it is good.
MAIN_MEASURES = {
    "rwm_expected_gap_pp": ("RWM %", "Expected standard in reading, writing and maths, three years, %", 0, True),
    "rwm_disadvantaged_gap_pp": ("RWM disadv. %", "The same, disadvantaged pupils, %", 0, True),
    "attainment8_rank_pct": ("Attainment 8", "Attainment 8, three years", 1, True),
    "progress8_score": ("Progress 8", "Progress 8", 2, True),
    "basics_grade5_gap_pp": ("Grade 5 E+M %", "Grade 5 in English and maths, three years, %", 0, True),
    "persistent_absence_pct": ("Persist. absent %", "Persistently absent, %", 1, False),
}
_NO_GROUP = {
    "not_applicable": (
        "Special schools, alternative provision and nurseries have no group of similar schools: what makes them alike, "
        "the needs of their pupils, is not published in a form that can be compared."
    ),
    "not_in_release": "It has no group of similar schools: no census with its pupils is loaded.",
    "alone": "It has no group of similar schools: no other school of its kind is loaded.",
    "blank": "It has no group of similar schools: its pupils or its ages are not known.",
}
_PARTS = (
    ("fsm6_pct", "fsm6", "disadvantaged in the last six years", "{:.1f}%"),
    ("prior_score", "prior", "the results that its pupils came with", "{:.1f}"),
    ("eal_pct", "eal", "first language other than English", "{:.1f}%"),
    ("year_group", "size", "pupils in a year group", "{:.0f}"),
    ("settled_pct", "settled", "there for two years before the tests", "{:.0f}%"),
    ("character", "character", "religious character", "{}"),
)


@dataclass(frozen=True)
class SimilarSchools:
    """A school among its similar schools.

    Attributes:
        definition: what similar means here, in one sentence; "" where the school has no group.
        why_none: why it has no group, in words; "" where it has one.
        intake: what it is compared by, each with its figure.
        notes: what is not known, how few there are, how far away they are.
        standing: a row per main measure: Measure, Period, This school, Average of similar schools, Among them. This
            school is missing where it has no figure, and Among them says why.
        schools: the similar schools, the nearest first: Nearest, School, LA, Distance (standard deviations), Phase,
            the parts of the intake, the main figures, URN. A column that no school has is left out.
        about: what an export is.
    """

    definition: str
    why_none: str
    intake: list[str]
    notes: list[str]
    standing: pd.DataFrame
    schools: pd.DataFrame
    about: list[str]


def similar_schools(viewer: Viewer, copy: Copy, urn: str) -> SimilarSchools:
    """A school's similar schools, and where it stands among them.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.rows("select * from intakes where urn = $urn", {"urn": urn})
    reason = found[0]["missing_reason"] if found else "not_in_release"
    schools = _list(copy, urn)
    if reason is not None or schools.empty:
        why = _NO_GROUP[reason or "alone"]
        return SimilarSchools("", why, [], [], pd.DataFrame(), pd.DataFrame(), [])
    intake = found[0]
    definition = _definition(intake, len(schools))
    return SimilarSchools(
        definition=definition,
        why_none="",
        intake=_known_parts(intake),
        notes=_notes(intake, schools),
        standing=_standing(copy, urn),
        schools=schools,
        about=[
            f"Similar schools of URN {urn}.",
            definition,
            f"As at {copy.build.as_at:%d/%m/%Y}, build {copy.build.build_id}. Intake never earns a point.",
            licence_line(viewer, copy),
        ],
    )


def similar_in_plain_text(found: SimilarSchools) -> list[str]:
    """The same in lines of text, for the terminal and reports; the list of schools is left to the screen."""
    if found.why_none:
        return [found.why_none]
    return [found.definition, *(_line(row) for row in found.standing.to_dict("records"))]


def _line(row: Mapping[Hashable, Any]) -> str:
    decimals = next(decimals for _, title, decimals, _ in MAIN_MEASURES.values() if title == row["Measure"])
    known = [
        f"{called}{row[column]:.{decimals}f}"
        for called, column in (("", "This school"), ("on average ", "Average of similar schools"))
        if pd.notna(row[column])
    ]
    return f"{row['Measure']} ({row['Period']}): {', '.join(known)}{'. ' if known else ''}{row['Among them']}"


def similar_means(viewer: Viewer, copy: Copy) -> str:
    """What similar means for all schools of a build, in one sentence.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.rows(
        "select coalesce(bool_or(prior_counts), false) as prior, coalesce(bool_or(eal_counts), false) as eal, "
        "coalesce(bool_or(settled_counts), false) as settled from intakes"
    )[0]
    twice = [words for part, words in _DOUBLE if found.get(part, True)]
    parts = [words for part, words in _ONCE if found.get(part, True)]
    return (
        f"Similar schools: of each school the {_USUAL} of its kind, of those loaded, that are nearest in "
        f"{_listed(twice)} (counted twice), {_listed(parts)}, as far as they are known of it; which parts count, and "
        "how much, is our choice."
    )


def _definition(intake: Mapping[str, Any], n: int) -> str:
    twice = [words for column, words in _DOUBLE if _counts(intake, column)]
    parts = [words for column, words in _ONCE if _counts(intake, column)]
    return (
        f"The {n} schools most like it among the {intake['band_schools']:,} {_band(intake['band'])} loaded: nearest in "
        f"{' and '.join(twice)} ({'each ' if len(twice) > 1 else ''}counted twice), {_listed(parts)}, each in standard "
        "deviations; which parts count, and how much, is our choice."
    )


_DOUBLE = (("fsm6", "share of disadvantaged pupils"), ("prior", "prior attainment"))
_ONCE = (
    ("eal", "English as an additional language"),
    ("size", "size of a year group"),
    ("settled", "mobility"),
    ("character", "religious character"),
)


def _counts(intake: Mapping[str, Any], part: str) -> bool:
    """Whether a school is compared by a part: its band is, and it is known of the school."""
    if part == "character":
        return intake["character"] is not None
    return intake[f"{part}_z"] is not None


_KINDS = {"selective": " (grammar schools)", "technical": " (UTCs and studio schools)"}


def _band(band: str) -> str:
    """A band in words: "primary and junior schools"."""
    return f"{band} schools{_KINDS.get(band, '')}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _known_parts(intake: Mapping[str, Any]) -> list[str]:
    periods = {"fsm6": "census_period", "eal": "census_period", "size": "census_period"}
    periods |= {"prior": "prior_period", "settled": "settled_period"}
    lines = []
    for column, part, words, form in _PARTS:
        if _counts(intake, part):
            period = f" ({intake[periods[part]]})" if part in periods else ""
            lines.append(f"{words}: {form.format(intake[column])}{period}")
    return lines


def _notes(intake: Mapping[str, Any], schools: pd.DataFrame) -> list[str]:
    lacking = {
        "eal": "first language",
        "prior": "prior attainment",
        "settled": "mobility",
        "character": "religious character",
    }
    missing = [words for part, words in lacking.items() if intake[f"lacks_{part}"]]
    unused = [words for part, words in lacking.items() if part != "character" and not intake[f"{part}_counts"]]
    notes = []
    if missing:
        notes.append(f"Not known of this school, so not compared: {_listed(missing)}. The distance rests on the rest.")
    if unused:
        notes.append(f"Not compared, because fewer than half of these schools have it loaded: {_listed(unused)}.")
    if intake["inherited_from"]:
        notes.append(f"Its intake is that of its predecessor (URN {intake['inherited_from']}).")
    if len(schools) < _USUAL:
        notes.append(f"There are only {len(schools)} schools to compare with; usually there are {_USUAL}.")
    furthest = schools["Distance"].max()
    notes.append(
        f"Distance: 0 is the same intake; the nearest is {schools['Distance'].min():.2f} and the furthest "
        f"{furthest:.2f} standard deviations away."
    )
    if furthest > 1:
        notes.append("Few schools are like this one: read the comparison with care.")
    return notes


_USUAL = 50


def _standing(copy: Copy, urn: str) -> pd.DataFrame:
    found = {row["measure_id"]: row for row in copy.reader.rows(_STANDING_SQL, {"urn": urn})}
    return pd.DataFrame([_stand(one, found[one]) for one in MAIN_MEASURES if one in found], columns=list(_STANDING))


_STANDING = ("Measure", "Period", "This school", "Average of similar schools", "Among them")


def _stand(measure_id: str, row: Mapping[str, Any]) -> dict[str, Any]:
    _, title, _, more_is_good = MAIN_MEASURES[measure_id]
    figures = (title, row["period"], row["figure"], row["average"])
    return dict(zip(_STANDING, (*figures, _among(row, more_is_good=more_is_good)), strict=True))


def _among(row: Mapping[str, Any], *, more_is_good: bool) -> str:
    """How many of the similar schools do worse and better, or why nobody can say."""
    if row["figure"] is None:
        return f"Not known: {MISSING_IN_WORDS[MissingReason(row['reason'])]}."
    if not row["schools"]:
        return "No similar school has this figure."
    lower, higher = row["lower_schools"], row["higher_schools"]
    worse, better = (lower, higher) if more_is_good else (higher, lower)
    return f"Better than {worse} of {row['schools']} similar schools; {better} do better."


_TITLES = {
    "place": "Nearest",
    "name": "School",
    "la_name": "LA",
    "distance": "Distance",
    "phase": "Phase",
    "fsm6_pct": "Disadvantaged %",
    "eal_pct": "EAL %",
    "year_group": "Year group",
    "prior_score": "Prior attainment",
    "settled_pct": "Settled %",
    "character": "Religious character",
    **{measure: called for measure, (called, *_) in MAIN_MEASURES.items()},
    "similar_urn": "URN",
}


def _list(copy: Copy, urn: str) -> pd.DataFrame:
    frame = copy.reader.frame(_LIST_SQL, {"urn": urn})
    empty = [column for column in frame.columns if column not in ("place", "name") and frame[column].isna().all()]
    return frame.drop(columns=empty).rename(columns=_TITLES)
