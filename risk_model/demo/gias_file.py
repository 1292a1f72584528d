"""The national register: every school of the LA, its closed predecessors, and the links between them."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from risk_model.demo.files import GIAS, GIAS_LINKS, dashed, header_of, rows_of, short, write_rows
from risk_model.demo.places import (
    CONSTITUENCIES,
    DIOCESES,
    LA_CODE,
    LA_GSS_CODE,
    LA_NAME,
    LOCALITIES,
    REGION,
)
from risk_model.demo.randomness import stream
from risk_model.demo.school_words import GIAS_PHASES, GIAS_TYPES, head_job_title
from risk_model.demo.schools import School

EXTRACT_DAY = date(2026, 11, 2)
_RELIGIONS = {"Church of England": "2", "Roman Catholic": "3", "None": "6", "Does not apply": "0"}
_NOT_APPLICABLE = (
    "BSOInspectorateName (name)",
    "TeenMoth (name)",
    "CCF (name)",
    "SENPRU (name)",
    "EBD (name)",
    "EdByOther (name)",
    "Section41Approved (name)",
    "FurtherEducationType (name)",
    "QABName (name)",
    "EstablishmentAccredited (name)",
)


def write_gias(folder: Path, seed: int, schools: Sequence[School]) -> list[Path]:
    """Write the register's extract and its links, both of 2 November 2026."""
    day = EXTRACT_DAY.strftime("%Y%m%d")
    header = header_of("gias")
    records = [_record(seed, school) for school in schools]
    records += [_predecessor_record(seed, school) for school in schools if school.predecessor]
    place = folder / "gias"
    return [
        write_rows(place / f"edubasealldata{day}.csv", header, rows_of(header, records), GIAS),
        write_rows(place / f"links_edubasealldata{day}.csv", header_of("gias_links"), _links(schools), GIAS_LINKS),
    ]


def _links(schools: Sequence[School]) -> list[list[object]]:
    """Both directions of each conversion, by URN."""
    rows: list[list[object]] = []
    for school in schools:
        old = school.predecessor
        if old:
            day = dashed(school.opened)
            rows.append([school.urn, old.urn, old.name, "Predecessor", day])
            rows.append([old.urn, school.urn, school.name, "Successor", day])
    return sorted(rows, key=lambda row: str(row[0]))


def _record(seed: int, school: School) -> dict[str, object]:
    code, group_code, group = GIAS_TYPES[school.school_type]
    academy = school.is_academy
    opened_as = "Academy Converter" if "converter" in school.school_type else "Academy Free School"
    if school.school_type == "Academy sponsor led":
        opened_as = "New Provision"
    reason = ("10", opened_as) if academy else ("0", "Not applicable")
    trust = school.trust
    sponsored = school.school_type == "Academy sponsor led" and trust is not None
    return _common(seed, school) | {
        "URN": school.urn,
        "EstablishmentName": school.name,
        "TypeOfEstablishment (code)": code,
        "TypeOfEstablishment (name)": school.school_type,
        "EstablishmentTypeGroup (code)": group_code,
        "EstablishmentTypeGroup (name)": group,
        "EstablishmentStatus (code)": "2" if school.closed else "1",
        "EstablishmentStatus (name)": "Closed" if school.closed else "Open",
        "ReasonEstablishmentOpened (code)": reason[0],
        "ReasonEstablishmentOpened (name)": reason[1],
        "OpenDate": dashed(school.opened),
        "ReasonEstablishmentClosed (code)": "1" if school.closed else "0",
        "ReasonEstablishmentClosed (name)": "Closure" if school.closed else "Not applicable",
        "CloseDate": dashed(school.closed),
        "TrustSchoolFlag (code)": "3" if trust else "0",
        "TrustSchoolFlag (name)": _trust_flag(school),
        "Trusts (code)": trust.uid if trust else "",
        "Trusts (name)": trust.name if trust else "",
        "SchoolSponsorFlag (name)": "Linked to a sponsor" if sponsored else "-" if academy else "Not applicable",
        "SchoolSponsors (name)": trust.name if sponsored and trust else "",
        "FederationFlag (name)": "Not applicable" if academy else "Not under a federation",
        "HeadTitle (name)": "",
        "HeadFirstName": "Head",
        "HeadLastName": f"Label {school.urn - 900_000:04d}",
        "HeadPreferredJobTitle": head_job_title(school.urn),
        "PreviousLA (code)": "",
        "LastChangedDate": dashed(_changed(seed, school)),
    }


def _trust_flag(school: School) -> str:
    if school.trust is None:
        return "Not applicable"
    kind = "single" if school.trust.places == 1 else "multi"
    return f"Supported by a {kind}-academy trust"


def _predecessor_record(seed: int, school: School) -> dict[str, object]:
    old, opened = school.predecessor, school.opened
    if old is None or opened is None:
        raise ValueError(f"{school.name} has no predecessor")
    code, group_code, group = GIAS_TYPES[old.school_type]
    converter = "converter" in school.school_type
    return _common(seed, school) | {
        "URN": old.urn,
        "EstablishmentName": old.name,
        "TypeOfEstablishment (code)": code,
        "TypeOfEstablishment (name)": old.school_type,
        "EstablishmentTypeGroup (code)": group_code,
        "EstablishmentTypeGroup (name)": group,
        "EstablishmentStatus (code)": "2",
        "EstablishmentStatus (name)": "Closed",
        "ReasonEstablishmentOpened (code)": "0",
        "ReasonEstablishmentOpened (name)": "Not applicable",
        "ReasonEstablishmentClosed (code)": "10" if converter else "7",
        "ReasonEstablishmentClosed (name)": "Academy Converter" if converter else "For Academy",
        "CloseDate": dashed(opened - timedelta(days=1)),
        "TrustSchoolFlag (code)": "0",
        "TrustSchoolFlag (name)": "Not applicable",
        "SchoolSponsorFlag (name)": "Not applicable",
        "FederationFlag (name)": "Not under a federation",
        "SchoolWebsite": "",
        "LastChangedDate": dashed(opened),
    }


def _changed(seed: int, school: School) -> date:
    return EXTRACT_DAY - timedelta(days=stream(seed, "changed", school.urn).randrange(3, 300))


def _common(seed: int, school: School) -> dict[str, object]:
    chance = stream(seed, "register", school.urn)
    phase_code, phase = GIAS_PHASES[school.kind]
    religion = school.religious or ("None" if school.is_academy else "Does not apply")
    diocese = DIOCESES.get(school.religious, ("0000", "Not applicable"))
    roll = school.roll_in(2026) if school.closed is None else 0
    boys = round(roll * (0.72 if school.kind in ("special", "alternative provision") else 0.51))
    meals = round(roll * school.nature.disadvantaged * 0.93)
    secondary = school.kind in ("secondary", "all-through")
    sixth = school.high_age >= 18 and school.kind == "secondary"
    place = LOCALITIES.index(school.locality)
    constituency = place % len(CONSTITUENCIES)
    nursery = school.low_age <= 3 and school.kind != "nursery"
    urban = place % 3 != 0
    unit = school.kind == "primary" and school.number % 29 == 4
    return dict.fromkeys(_NOT_APPLICABLE, "Not applicable") | {
        "LA (code)": LA_CODE,
        "LA (name)": LA_NAME,
        "EstablishmentNumber": school.number,
        "PhaseOfEducation (code)": phase_code,
        "PhaseOfEducation (name)": phase,
        "StatutoryLowAge": school.low_age,
        "StatutoryHighAge": school.high_age,
        "Boarders (code)": "1",
        "Boarders (name)": "No boarders",
        "NurseryProvision (name)": "Has Nursery Classes" if nursery else "No Nursery Classes",
        "OfficialSixthForm (code)": "1" if sixth else "2",
        "OfficialSixthForm (name)": "Has a sixth form" if sixth else "Does not have a sixth form",
        "Gender (code)": "3",
        "Gender (name)": "Mixed",
        "ReligiousCharacter (code)": _RELIGIONS[religion],
        "ReligiousCharacter (name)": religion,
        "ReligiousEthos (name)": "Does not apply",
        "Diocese (code)": diocese[0],
        "Diocese (name)": diocese[1],
        "AdmissionsPolicy (code)": ("2" if school.selective else "4") if secondary else "0",
        "AdmissionsPolicy (name)": ("Selective" if school.selective else "Non-selective")
        if secondary
        else "Not applicable",
        "SchoolCapacity": school.capacity,
        "SpecialClasses (code)": "2",
        "SpecialClasses (name)": "No Special Classes",
        "CensusDate": "15-01-2026",
        "NumberOfPupils": roll or "",
        "NumberOfBoys": boys if roll else "",
        "NumberOfGirls": roll - boys if roll else "",
        "PercentageFSM": short(100 * meals / roll, 1) if roll else "",
        "FSM": meals if roll else "",
        "UKPRN": 19_900_000 + school.number,
        "Street": school.street,
        "Town": school.locality,
        "County (name)": LA_NAME,
        "Postcode": school.postcode,
        "SchoolWebsite": f"https://school-{school.number}.example",
        "TypeOfResourcedProvision (name)": "Resourced provision" if unit else "Not applicable",
        "ResourcedProvisionOnRoll": 8 if unit else "",
        "ResourcedProvisionCapacity": 10 if unit else "",
        "GOR (code)": "Z",
        "GOR (name)": REGION,
        "DistrictAdministrative (code)": f"E07{990 + place // 3:06d}",
        "DistrictAdministrative (name)": school.locality,
        "AdministrativeWard (code)": f"E05{990_000 + place:06d}",
        "AdministrativeWard (name)": f"{school.locality} Ward",
        "ParliamentaryConstituency (code)": f"E14{999_000 + constituency:06d}",
        "ParliamentaryConstituency (name)": CONSTITUENCIES[constituency],
        "UrbanRural (code)": "C1" if urban else "E1",
        "UrbanRural (name)": f"(England/Wales) {'Urban city and town' if urban else 'Rural village'}",
        "GSSLACode (name)": LA_GSS_CODE,
        "Easting": school.easting,
        "Northing": school.northing,
        "MSOA (name)": f"Exampleshire {place + 1:03d}",
        "LSOA (name)": f"Exampleshire {place + 1:03d}{chance.choice('ABCDE')}",
    }
