"""Ofsted's management information: snapshots of the latest inspections, and the list of all of them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from risk_model.demo.files import OFSTED, PLAIN, header_of, rows_of, slashed, write_rows
from risk_model.demo.inspections import (
    AREAS,
    GRADED,
    NEW_FRAMEWORK,
    REPORT_CARD,
    UNGRADED,
    History,
    Inspection,
)
from risk_model.demo.places import CONSTITUENCIES, LA_CODE, LA_NAME, LOCALITIES, REGION
from risk_model.demo.school_words import OFSTED_PHASES, OFSTED_TYPES
from risk_model.demo.schools import School

_WEB = "http://www.ofsted.gov.uk/inspection-reports/find-inspection-report/provider/ELS/"
_OLD_JUDGEMENTS = {
    "Quality of education": "quality",
    "Behaviour and attitudes": "behaviour",
    "Personal development": "personal",
    "Effectiveness of leadership and management": "leadership",
    "Safeguarding is effective?": "safeguarding",
    "Early years provision (where applicable)": "early_years",
    "Sixth form provision (where applicable)": "sixth_form",
}


def write_ofsted(folder: Path, schools: Sequence[School], history: History) -> list[Path]:
    """Write the snapshots of August 2024, August 2025 and October 2026, and all inspections since 2016."""
    name = "State-funded_schools_inspections_and_outcomes_as_at_31_August_{}.csv"
    place = folder / "ofsted"
    return [
        _write_snapshot(place / name.format(2024), schools, history, date(2024, 8, 31)),
        _write_snapshot(place / name.format(2025), schools, history, date(2025, 8, 31)),
        _write_newest(place / "2026-10-31_latest_inspections.csv", schools, history, date(2026, 10, 31)),
        _write_events(place / "inspection_events_2016_2025.csv", schools, history),
    ]


def _known(history: History, school: School, as_at: date) -> list[Inspection]:
    """What had been published by a day, oldest first."""
    return [item for item in history[school.urn] if item.published <= as_at]


def _open_schools(schools: Sequence[School], as_at: date) -> list[School]:
    return [school for school in schools if school.is_open_on(as_at)]


def _write_snapshot(path: Path, schools: Sequence[School], history: History, as_at: date) -> Path:
    header = header_of("ofsted_2025")
    records = [
        _snapshot_record(school, _known(history, school, as_at), as_at) for school in _open_schools(schools, as_at)
    ]
    return write_rows(path, header, rows_of(header, records, fill="NULL"), OFSTED)


def _identity(school: School, as_at: date) -> dict[str, object]:
    mainstream = school.kind in ("secondary", "all-through")
    academy = school.type_on(as_at) == school.school_type and school.trust is not None
    sponsored = academy and school.school_type == "Academy sponsor led"
    sixth = school.high_age >= 18 and school.kind == "secondary"
    no_religion = "None" if academy else "Does not apply"
    return {
        "Web Link (opens in new window)": f"{_WEB}{school.urn_on(as_at)}",
        "URN": school.urn_on(as_at),
        "LAESTAB": f"{LA_CODE}{school.number}",
        "School name": school.name_on(as_at),
        "Ofsted phase": OFSTED_PHASES[school.kind],
        "Type of education": OFSTED_TYPES[school.type_on(as_at)],
        "School open date": slashed(school.opened if academy else None),
        "Admissions policy": ("Selective" if school.selective else "Non-selective") if mainstream else "Not applicable",
        "Sixth form": _sixth_form(school, sixth),
        "Designated religious character": school.religious or no_religion,
        "Religious ethos": "Does not apply",
        "Faith grouping": "Christian" if school.religious else "Non-faith",
        "Ofsted region": REGION,
        "Region": REGION,
        "Local authority": LA_NAME,
        "Parliamentary constituency": CONSTITUENCIES[LOCALITIES.index(school.locality) % len(CONSTITUENCIES)],
        "Multi-academy trust UID": school.trust.uid if academy and school.trust else "NULL",
        "Multi-academy trust name": school.trust.name if academy and school.trust else "NULL",
        "Academy sponsor UID": school.trust.uid if sponsored and school.trust else "NULL",
        "Academy sponsor name": school.trust.name if sponsored and school.trust else "NULL",
        "Postcode": school.postcode,
        "The income deprivation affecting children index (IDACI) quintile": idaci_quintile(school),
        "Total number of pupils": school.roll_in(as_at.year),
        "Statutory lowest age": school.low_age,
        "Statutory highest age": school.high_age,
    }


def _sixth_form(school: School, sixth: bool) -> str:
    if school.kind in ("special", "alternative provision", "nursery"):
        return "Not applicable"
    return "Has a sixth form" if sixth else "Does not have a sixth form"


def idaci_quintile(school: School) -> int:
    """The neighbourhood's fifth of child poverty, 5 the poorest, from the share of disadvantaged pupils."""
    limits = (0.11, 0.18, 0.27, 0.40)
    return 1 + sum(school.nature.disadvantaged > limit for limit in limits)


def _snapshot_record(school: School, known: list[Inspection], as_at: date) -> dict[str, object]:
    record = _identity(school, as_at)
    graded = [item for item in known if item.kind == GRADED]
    if not graded:
        return record
    latest = graded[-1]
    record |= _latest_graded(school, latest, as_at)
    if len(graded) > 1:
        record |= _previous_graded(school, graded[-2], as_at)
    ungraded = [item for item in known if item.kind == UNGRADED and item.start > latest.start]
    if ungraded:
        record |= _ungraded_2025(school, ungraded, as_at)
    return record


def _at_time(school: School, item: Inspection, what: str, relates: str, as_at: date) -> dict[str, object]:
    """Under which URN and name the school was inspected, and whether that is the present one."""
    short = what.removeprefix("the ").removeprefix("latest ")
    urn_words = {
        "latest graded inspection": "latest graded inspection",
        "previous graded inspection": "previous graded inspection",
    }
    return {
        relates: "Yes" if item.urn == school.urn_on(as_at) else "No",
        f"URN at time of {urn_words.get(what, 'the ' + short)}": item.urn,
        f"LAESTAB at time of {urn_words.get(what, 'the ' + short)}": f"{LA_CODE}{school.number}",
        f"School name at time of {what}": school.name_on(item.start),
        f"School type at time of {what}": OFSTED_TYPES[school.type_on(item.start)],
    }


def _latest_graded(school: School, item: Inspection, as_at: date) -> dict[str, object]:
    relates = "Does the latest graded inspection relate to the URN of the current school?"
    record: dict[str, object] = {
        "Inspection number of latest graded inspection": item.number,
        "Inspection type": item.inspection_type,
        "Inspection type grouping": item.inspection_type,
        "Event type grouping": item.event_type,
        "Inspection start date": slashed(item.start),
        "Publication date": slashed(item.published),
        "Current school type used for chart C6": _chart_type(school, item, as_at),
        "Overall effectiveness": item.overall,
        "Category of concern": item.category,
    }
    record |= _at_time(school, item, "latest graded inspection", relates, as_at)
    return record | {name: getattr(item, part) for name, part in _OLD_JUDGEMENTS.items()}


def _chart_type(school: School, item: Inspection, as_at: date) -> str:
    kind = school.type_on(as_at)
    own = item.urn == school.urn_on(as_at)
    if kind.startswith("Free"):
        return "Free school"
    if kind == "Academy sponsor led":
        return "Academy sponsor led" if own else "Not inspected in current form"
    if kind.startswith("Academy"):
        return "Academy converter" if own else "Academy Converter"
    return "Maintained school"


def _previous_graded(school: School, item: Inspection, as_at: date) -> dict[str, object]:
    relates = "Does the previous graded inspection relate to the URN of the current school?"
    record: dict[str, object] = {
        "Previous inspection number": item.number,
        "Previous inspection start date": slashed(item.start),
        "Previous publication date": slashed(item.published),
        "Previous graded inspection overall effectiveness": item.overall,
        "Previous category of concern": item.category,
    }
    record |= _at_time(school, item, "previous graded inspection", relates, as_at)
    for name, part in _OLD_JUDGEMENTS.items():
        record[f"Previous {name[0].lower()}{name[1:]}"] = getattr(item, part)
    return record


def _ungraded_common(school: School, item: Inspection, as_at: date) -> dict[str, object]:
    return {
        "Date of latest ungraded inspection": slashed(item.start),
        "Ungraded inspection publication date": slashed(item.published),
        "Does the ungraded inspection relate to the URN of the current school?": (
            "Yes" if item.urn == school.urn_on(as_at) else "No"
        ),
        "URN at time of the ungraded inspection": item.urn,
        "LAESTAB at time of the ungraded inspection": f"{LA_CODE}{school.number}",
        "Ungraded inspection overall outcome": item.outcome,
    }


def _ungraded_2025(school: School, items: list[Inspection], as_at: date) -> dict[str, object]:
    item = items[-1]
    return _ungraded_common(school, item, as_at) | {
        "Latest ungraded inspection number since last graded inspection": item.number,
        "School name at time of the latest ungraded inspection": school.name_on(item.start),
        "School type at time of the latest ungraded inspection": OFSTED_TYPES[school.type_on(item.start)],
        "Number of ungraded inspections since the last graded inspection": len(items),
        "Did the latest ungraded inspection convert to a graded inspection?": "No",
    }


def _write_newest(path: Path, schools: Sequence[School], history: History, as_at: date) -> Path:
    header = header_of("ofsted_2026")
    records = [
        _newest_record(school, _known(history, school, as_at), as_at) for school in _open_schools(schools, as_at)
    ]
    return write_rows(path, header, rows_of(header, records, fill="NULL"), OFSTED)


def _newest_record(school: School, known: list[Inspection], as_at: date) -> dict[str, object]:
    """Three blocks: report card, graded under the framework of 2019, ungraded since; NULL where none is."""
    record = _identity(school, as_at)
    if record["Ofsted phase"] == "PRU":
        record["Ofsted phase"] = "Alternative provision"
    cards = [item for item in known if item.kind == REPORT_CARD]
    graded = [item for item in known if item.kind == GRADED]
    recent = [item for item in graded if item.start >= NEW_FRAMEWORK]
    newest_grade = max((item.start for item in (*cards, *graded)), default=date.min)
    ungraded = [item for item in known if item.kind == UNGRADED and item.start > newest_grade]
    if recent:
        record |= _oeif_block(school, recent[-1], as_at)
    if cards:
        record |= _card_block(school, cards[-1], as_at)
    if ungraded:
        record |= _ungraded_common(school, ungraded[-1], as_at) | {
            "Latest ungraded inspection number": ungraded[-1].number,
            "School name at time of the ungraded inspection": school.name_on(ungraded[-1].start),
            "School type at time of the ungraded inspection": OFSTED_TYPES[school.type_on(ungraded[-1].start)],
        }
    if cards or recent:
        record["Most recent category of concern"] = (cards or recent)[-1].category
    return record


def _oeif_block(school: School, item: Inspection, as_at: date) -> dict[str, object]:
    what = "latest OEIF graded inspection"
    return {
        f"Inspection number of {what}": item.number,
        f"Inspection type of {what}": item.inspection_type,
        f"Inspection type grouping of {what}": item.inspection_type,
        f"Event type grouping of {what}": item.event_type,
        f"Inspection start date of {what}": slashed(item.start),
        f"Publication date of {what}": slashed(item.published),
        f"Does the {what} relate to the URN of the current school?": "Yes"
        if item.urn == school.urn_on(as_at)
        else "No",
        f"URN at time of {what}": item.urn,
        f"LAESTAB at time of {what}": f"{LA_CODE}{school.number}",
        f"School name at time of {what}": school.name_on(item.start),
        f"School type at time of {what}": OFSTED_TYPES[school.type_on(item.start)],
        "Latest OEIF category of concern": item.category,
        "Latest OEIF overall effectiveness": item.overall,
        "Latest OEIF quality of education": item.quality,
        "Latest OEIF behaviour and attitudes": item.behaviour,
        "Latest OEIF personal development": item.personal,
        "Latest OEIF effectiveness of leadership and management": item.leadership,
        # Two spaces, as published.
        "Latest OEIF  safeguarding is effective?": item.safeguarding,
        "Latest OEIF early years provision (where applicable)": item.early_years,
        "Latest OEIF sixth form provision (where applicable)": item.sixth_form,
    }


def _card_block(school: School, item: Inspection, as_at: date) -> dict[str, object]:
    what = "latest full inspection"
    day = slashed(item.start)
    record: dict[str, object] = {
        f"Inspection number of {what}": item.number,
        "Inspection type": item.inspection_type,
        "Inspection type grouping": item.inspection_type,
        "Event type grouping": item.event_type,
        "Inspection start date": day,
        "Publication date": slashed(item.published),
        f"Does the {what} relate to the URN of the current school?": "Yes"
        if item.urn == school.urn_on(as_at)
        else "No",
        f"URN at time of {what}": item.urn,
        f"LAESTAB at time of {what}": f"{LA_CODE}{school.number}",
        f"School name at time of {what}": school.name_on(item.start),
        f"School type at time of {what}": OFSTED_TYPES[school.type_on(item.start)],
        "Category of concern": item.category,
        "Safeguarding standards": item.safeguarding,
        "Safeguarding standards - date of judgement": day,
    }
    for area, grade in zip(AREAS, item.areas, strict=True):
        conditional = area in ("Early years", "Post-16 provision")
        record[f"{area} (where applicable)" if conditional else area] = grade
        record[f"{area} - date of judgement"] = day
    return record


def _write_events(path: Path, schools: Sequence[School], history: History) -> Path:
    """One row per graded or ungraded inspection from 2016 to August 2025, by URN inspected and date."""
    header = header_of("ofsted_events")
    until = date(2025, 8, 31)
    chosen = [
        (item.urn, item.start, school, item)
        for school in schools
        for item in history[school.urn]
        if item.kind != REPORT_CARD and date(2016, 1, 1) <= item.start <= until
    ]
    records = [_event_record(school, item, until) for _, _, school, item in sorted(chosen, key=lambda row: row[:2])]
    return write_rows(path, header, rows_of(header, records), PLAIN)


def _event_record(school: School, item: Inspection, until: date) -> dict[str, object]:
    record: dict[str, object] = {
        "urn": item.urn,
        "start_date": item.start.isoformat(),
        "publication_date": item.published.isoformat(),
        "kind": item.kind,
        "inspection_number": item.number,
        "current_school_urn": school.urn_on(until),
        "source": "MI_2025-08-31",
    }
    if item.kind == UNGRADED:
        return record | {"ungraded_outcome": item.outcome}
    return record | {
        "inspection_type": item.inspection_type,
        "event_type_grouping": item.event_type,
        "overall_effectiveness": "" if item.overall == "Not judged" else item.overall,
        "category_of_concern": item.category,
        "quality_of_education": item.quality,
        "behaviour_and_attitudes": item.behaviour,
        "personal_development": item.personal,
        "leadership_and_management": item.leadership,
        "safeguarding": item.safeguarding,
        "early_years": item.early_years,
        "sixth_form": item.sixth_form,
    }
