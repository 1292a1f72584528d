"""Explore: questions that an improvement officer asks, and who answers each.

A question is a module of its own, `explore_<key>.py`; this is the one list of them, in the order of the screen.
"""

from risk_model.domain.errors import NotFound
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, Question, Select, Wanted
from risk_model.services.explore_changing import changing, changing_selects
from risk_model.services.explore_compare import compare, compare_selects
from risk_model.services.explore_groups import groups, groups_selects
from risk_model.services.explore_similar import similar_answer, similar_selects
from risk_model.services.explore_spread import spread, spread_selects
from risk_model.services.explore_time import time_answer, time_selects
from risk_model.services.explore_together import together, together_selects
from risk_model.services.explore_where import where, where_selects
from risk_model.services.explore_within import within, within_selects
from risk_model.services.scope import Scope

QUESTIONS: tuple[Question, ...] = (
    Question(
        "compare",
        "How do we compare?",
        "Shares of schools and of pupils at each level, beside statistical neighbours, the region and England.",
        compare_selects,
        compare,
    ),
    Question(
        "similar",
        "Which schools differ from similar ones?",
        "Schools far below and far above those with an intake like theirs.",
        similar_selects,
        similar_answer,
    ),
    Question(
        "changing",
        "What is changing?",
        "Yearly measures beside England, with limits; breaks and missing years stay open.",
        changing_selects,
        changing,
    ),
    Question(
        "groups",
        "Which groups do less well?",
        "Disadvantaged pupils and others, and SEND, beside England: as context, which never earns a point.",
        groups_selects,
        groups,
    ),
    Question(
        "together",
        "Does it hang together?",
        "Attendance against outcomes, and each against the intake: one spot a school.",
        together_selects,
        together,
    ),
    Question(
        "within",
        "What differs within schools?",
        "Subject against subject: which schools are further behind England in one than in another.",
        within_selects,
        within,
    ),
    Question(
        "spread",
        "How is a figure spread?",
        "Every school as a spot, beside statistical neighbours, the region and England; picked schools named.",
        spread_selects,
        spread,
    ),
    Question(
        "where",
        "Where?",
        "The schools on a map, by priority or by a statement's level.",
        where_selects,
        where,
    ),
    Question(
        "time",
        "Who gets our time?",
        "Flag rates, support days and waits by phase, size, disadvantage, type and locality.",
        time_selects,
        time_answer,
        compares=False,
    ),
)


def explore_selects(viewer: Viewer, copy: Copy, scope: Scope, key: str) -> tuple[Select, ...]:
    """What a question asks back, for a scope.

    Args:
        key: the question's.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no such question.
    """
    require_reader(viewer)
    return _question(key).selects(viewer, copy, scope)


def explore(viewer: Viewer, copy: Copy, scope: Scope, key: str, wanted: Wanted) -> Answer:
    """The answer to one question.

    Args:
        key: the question's.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no such question.
    """
    require_reader(viewer)
    return _question(key).answer(viewer, copy, scope, wanted)


def _question(key: str) -> Question:
    for one in QUESTIONS:
        if one.key == key:
            return one
    raise NotFound(f"Explore has no question called {key}.", ["Choose one of the list."])
