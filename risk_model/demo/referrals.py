"""The academies that the invented LA has raised with the regional director, one for each step of the way."""

from collections.abc import Mapping, Sequence

from risk_model.demo.schools import School

REFERRAL_COLUMNS = (
    "urn,status,raised_on,concern,ask,owner,reply,next_date,ask_kind,tried,intelligence,restricted_note,"
    "raised_with_trust_on,trust_reply,programme,programme_reason"
)
_OWNER = "LA lead for school improvement"
_WEAK = "Results in reading, writing and mathematics have stayed under those of similar schools for three years."
# for the weakest academies that have no story of their own, the weakest first
_MORE = (
    (
        "raised with regional director",
        "2026-11-03",
        _WEAK,
        "Whether the trust can be offered a school that helps with mathematics.",
        _OWNER,
        "",
        "2026-11-17",
        "an offer of support",
        "The LA offered a review by two heads of the locality; the trust held its own instead.",
        "",
        "",
        "2026-09-21",
        "The trust has changed the head of mathematics and asks for a year.",
        "",
        "",
    ),
    (
        "outcome advised",
        "2026-04-27",
        _WEAK,
        "What DfE knows of the trust's capacity to improve a school of this size.",
        _OWNER,
        "The trust will bring in an executive head from September; DfE looks again in the new year.",
        "2027-01-18",
        "information",
        "",
        "Vacancies on the local board have been told to us by two of its members.",
        "Who told us must not be known to the trust.",
        "2026-03-09",
        "",
        "",
        "",
    ),
    (
        "closed",
        "2025-11-10",
        _WEAK,
        "A meeting of the trust, DfE and the LA.",
        _OWNER,
        "The meeting was held in January; the trust's plan is agreed, and the school has moved.",
        "",
        "a meeting",
        "",
        "",
        "",
        "2025-10-06",
        "The trust would welcome the meeting.",
        "",
        "",
    ),
)


def referrals(schools: Sequence[School], need: Mapping[int, float | None]) -> list[list[object]]:
    """One academy drafted, and one at each later step; one of them is in a programme of DfE already."""
    by_key = {school.story.key: school for school in schools if school.story}
    return [
        [
            by_key["academy_raised"].urn,
            "acknowledged",
            "2026-06-22",
            "Progress 8 well below average three years running; two inspections with leadership graded 3.",
            "Which support the trust has agreed with DfE, and by when it will be reviewed.",
            _OWNER,
            "Acknowledged; the adviser will meet the trust this term.",
            "2026-12-08",
            "information",
            "",
            "",
            "",
            "2026-05-11",
            "The trust has asked DfE for help and will share the plan.",
            "RISE, targeted intervention",
            "The plan that was agreed has not been shared with the LA, whose pupils these are.",
        ],
        [
            by_key["stuck"].urn,
            "drafted",
            "",
            "Leadership and governance need attention after requires improvement at the inspection before.",
            "Whether the school is in scope of targeted support.",
            _OWNER,
            "",
            "2026-12-01",
            "RISE support",
            "The trust's executive head has worked there since March; the plan is behind by a term.",
            "The trust's own review of July says that 4 pupils in a class of the youngest had no plan of support.",
            "",
            "2026-07-13",
            "",
            "",
            "",
        ],
        *([school.urn, *told] for school, told in zip(_weakest(schools, need), _MORE, strict=False)),
    ]


def _weakest(schools: Sequence[School], need: Mapping[int, float | None]) -> list[School]:
    known = [school for school in schools if school.is_academy and school.story is None]
    judged = [school for school in known if need[school.urn] is not None]
    return sorted(judged, key=lambda school: (-(need[school.urn] or 0.0), school.urn))
