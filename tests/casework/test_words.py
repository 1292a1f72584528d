"""The words that records carry, and how they are read."""

from enum import StrEnum

import pytest
from sqlalchemy import String

from risk_model.casework.checks import folded
from risk_model.casework.tables import METADATA
from risk_model.casework.words import (
    ACTIVE_STATUSES,
    ENDED_STATUSES,
    EVIDENCE_ALSO,
    OUTCOMES_ALSO,
    PROVIDERS_ALSO,
    REASON_STATUSES,
    REFERRALS_ALSO,
    ROLES_ALSO,
    AllocationStatus,
    Ask,
    EvidenceKind,
    LetterStatus,
    MeetingOutcomeWord,
    ProviderType,
    ReferralStatus,
    ReplyKind,
    Role,
    SupportType,
    What,
)
from risk_model.domain.words import Level, Statement

COLUMNS: list[tuple[type[StrEnum], str, str]] = [
    (ProviderType, "allocation", "provider_type"),
    (Role, "allocation", "role"),
    (Role, "system_leader", "role"),
    (SupportType, "allocation", "support_type"),
    (AllocationStatus, "allocation", "status"),
    (MeetingOutcomeWord, "meeting_outcome", "outcome"),
    (Statement, "meeting_outcome", "statement"),
    (Level, "meeting_outcome", "agreed_level"),
    (ReferralStatus, "referral", "status"),
    (Ask, "referral", "ask_kind"),
    (LetterStatus, "letter", "status"),
    (ReplyKind, "letter", "reply_kind"),
    (What, "audit", "what"),
    (Statement, "adviser_view", "statement"),
    (Level, "adviser_view", "level"),
    (EvidenceKind, "view_evidence", "kind"),
    (Statement, "head_comment", "statement"),
]


@pytest.mark.parametrize(("words", "table", "column"), COLUMNS)
def test_every_word_fits_its_column_and_reads_as_itself_alone(words: type[StrEnum], table: str, column: str) -> None:
    kind = METADATA.tables[table].c[column].type
    assert isinstance(kind, String)
    assert kind.length is not None
    assert max(len(word) for word in words) <= kind.length
    assert len({folded(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("words", "also"),
    [
        (ProviderType, PROVIDERS_ALSO),
        (Role, ROLES_ALSO),
        (MeetingOutcomeWord, OUTCOMES_ALSO),
        (ReferralStatus, REFERRALS_ALSO),
        (EvidenceKind, EVIDENCE_ALSO),
    ],
)
def test_other_ways_of_writing_never_shadow_a_word(words: type[StrEnum], also: dict[str, StrEnum]) -> None:
    assert {folded(name) for name in also}.isdisjoint({folded(word) for word in words})


def test_statuses_are_sorted_into_active_ended_and_neither() -> None:
    assert ACTIVE_STATUSES.isdisjoint(ENDED_STATUSES)
    assert {AllocationStatus.COMPLETED} == ENDED_STATUSES - REASON_STATUSES
    assert {AllocationStatus.PAUSED} == REASON_STATUSES - ENDED_STATUSES


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HR/casework", "hr casework"),
        ("Data and  Assessment", "data/assessment"),
        ("no change - monitor", "No change monitor"),
    ],
)
def test_folded_minds_neither_capitals_nor_punctuation(one: str, other: str) -> None:
    assert folded(one) == folded(other)
