"""Leaders, pieces of support and schools as tests want them: whole records, with what a test says and nothing else."""

from datetime import date

from risk_model.casework import Allocation, AllocationStatus, Designation, ProviderType, Role, SystemLeader
from risk_model.domain.words import Statement
from risk_model.rules.people import PeopleRules, read_people_rules
from risk_model.services.capacity import leader_term, term_on
from risk_model.services.directory import Entry, entry_of
from risk_model.services.school_facts import SchoolFacts

DAY = date(2026, 11, 20)
RULES = read_people_rules([role.value for role in Role])
AUTUMN = term_on(RULES.term, DAY)


def a_leader(**given: object) -> SystemLeader:
    """A leader of whom nothing is recorded but who they are."""
    values: dict[str, object] = {
        name: None
        for name in SystemLeader.__dataclass_fields__
        if name not in ("id", "version", "la_code", "label", "role")
    }
    values |= {"id": 1, "version": 1, "la_code": "999", "label": "System leader 01", "role": Role.LLE}
    return SystemLeader(**(values | given))  # type: ignore[arg-type]


def a_piece(**given: object) -> Allocation:
    """Agreed support by leader 1 for school 900010, without days and dates."""
    values: dict[str, object] = {name: None for name in Allocation.__dataclass_fields__ if name != "shares"}
    values |= {
        "id": 1,
        "version": 1,
        "la_code": "999",
        "urn": "900010",
        "provider_type": ProviderType.SCHOOL,
        "provider_name": "A school",
        "system_leader_id": 1,
        "status": AllocationStatus.ACTIVE,
        "statement": Statement.OUTCOMES,
    }
    return Allocation(**(values | given))  # type: ignore[arg-type]


def a_role(**given: object) -> Designation:
    """A designation of leader 1 as LLE, without dates."""
    values: dict[str, object] = dict.fromkeys(Designation.__dataclass_fields__)
    return Designation(**(values | {"id": 1, "version": 1, "system_leader_id": 1, "role": Role.LLE} | given))  # type: ignore[arg-type]


def a_school(**given: object) -> SchoolFacts:
    """A maintained primary school, judged good in 2023, in Westmere, at the corner of the grid."""
    values: dict[str, object] = {
        "urn": "900001",
        "name": "Fennelow Primary School",
        "la_code": "999",
        "la_name": "Exampleshire",
        "locality": "Westmere",
        "phase": "primary",
        "phase_group": "primary",
        "trust_uid": None,
        "trust_name": None,
        "easting": 500_000.0,
        "northing": 300_000.0,
        "priority": "universal",
        "last_inspection_outcome": "Good",
        "last_inspection_date": date(2023, 5, 9),
        "changes": None,
        "full_kind": "graded",
        "full_date": date(2023, 5, 9),
        "good_or_better": "yes",
        "rc_outcome": None,
        "full_mapping": "M4",
        "inherited": False,
    }
    return SchoolFacts(**(values | given))  # type: ignore[arg-type]


def an_entry(
    leader: SystemLeader,
    home: SchoolFacts | None = None,
    *,
    held: tuple[Designation, ...] = (),
    pieces: tuple[Allocation, ...] = (),
    rules: PeopleRules = RULES,
) -> Entry:
    """A leader as the directory shows them on the day of the tests."""
    return entry_of(rules, leader, held, home, pieces, leader_term(leader, pieces, [], AUTUMN, DAY), DAY)
