"""The words that records carry. The values are stored and exported, so they are part of the contract.

A word may be added by a later version; none is ever reused for something else.
"""

from collections.abc import Mapping
from enum import StrEnum


class ProviderType(StrEnum):
    """Who gives the support. The LA's team or the trust itself is named in `provider_name`.

    There is no word for "none": a school without support has no record, and a record needs a provider.
    """

    PERSON = "person"
    SCHOOL = "school"
    ACADEMY_TRUST = "academy trust"
    LA_TEAM = "LA team"
    LA_TRADED_SERVICE = "LA traded service"
    PARTNERSHIP = "federation or partnership"
    CONSORTIUM = "consortium or cluster"
    TEACHING_SCHOOL_HUB = "teaching school hub"
    DIOCESE = "diocese"
    EXTERNAL_CONSULTANT = "external consultant"
    RISE = "DfE RISE"
    REGIONAL_DIRECTOR = "regional director's office"
    OTHER = "other"


class Role(StrEnum):
    """In which role a person helps. National designations have largely lapsed; local roles count as much."""

    NLE = "NLE"
    SLE = "SLE"
    LLE = "LLE"
    NLG = "NLG"
    LOCAL_SYSTEM_LEADER = "local system leader"
    LOCAL_LEADER_OF_GOVERNANCE = "local leader of governance"
    EXECUTIVE_HEAD = "executive head"
    ASSOCIATE_HEAD = "associate head"
    ADVISER = "adviser"
    CHALLENGE_PARTNER = "challenge partner"
    INTERIM_LEADER = "interim leader"
    MENTOR_FOR_HEAD = "mentor for head"
    MENTOR_FOR_CHAIR = "mentor for chair"
    CURRICULUM_LEAD = "curriculum lead"
    SENCO_LEAD = "SENCO lead"
    FINANCE_ADVISER = "finance adviser"
    HR_ADVISER = "HR adviser"
    GOVERNANCE_PROFESSIONAL = "governance professional"
    CONSORTIUM_COLLEAGUE = "consortium colleague"
    LA_OFFICER = "LA officer"
    TASK_GROUP_CHAIR = "task-group chair"
    INSPECTION_TRAINED_LEADER = "inspection-trained leader"
    OTHER = "other"


# How LAs' own lists write some of these; read as the word beside it, never written.
PROVIDERS_ALSO: Mapping[str, ProviderType] = {
    "trust": ProviderType.ACADEMY_TRUST,
    "LA": ProviderType.LA_TEAM,
    "traded service": ProviderType.LA_TRADED_SERVICE,
    "federation": ProviderType.PARTNERSHIP,
    "partnership": ProviderType.PARTNERSHIP,
    "education partnership": ProviderType.PARTNERSHIP,
    "federation or education partnership": ProviderType.PARTNERSHIP,
    "consortium": ProviderType.CONSORTIUM,
    "cluster": ProviderType.CONSORTIUM,
    "locality cluster": ProviderType.CONSORTIUM,
    "consortium or locality cluster": ProviderType.CONSORTIUM,
    "hub": ProviderType.TEACHING_SCHOOL_HUB,
    "consultant": ProviderType.EXTERNAL_CONSULTANT,
    "RISE": ProviderType.RISE,
    "DfE RISE adviser": ProviderType.RISE,
    "DfE RISE adviser or supporting organisation": ProviderType.RISE,
    "regional director": ProviderType.REGIONAL_DIRECTOR,
    "RSC": ProviderType.REGIONAL_DIRECTOR,
}
ROLES_ALSO: Mapping[str, Role] = {
    "national leader of education": Role.NLE,
    "specialist leader of education": Role.SLE,
    "local leader of education": Role.LLE,
    "national leader of governance": Role.NLG,
    "system leader": Role.LOCAL_SYSTEM_LEADER,
    "local leader": Role.LOCAL_SYSTEM_LEADER,
    "LA adviser": Role.ADVISER,
    "school improvement adviser": Role.ADVISER,
    "finance or resource-management adviser": Role.FINANCE_ADVISER,
    "resource management adviser": Role.FINANCE_ADVISER,
    "clerk": Role.GOVERNANCE_PROFESSIONAL,
    "officer": Role.LA_OFFICER,
    "chair of a task group": Role.TASK_GROUP_CHAIR,
    "mentor": Role.MENTOR_FOR_HEAD,
    "clerk or governance professional": Role.GOVERNANCE_PROFESSIONAL,
}


class SupportType(StrEnum):
    """What the support is about."""

    LEADERSHIP_COACHING = "leadership coaching"
    GOVERNANCE_REVIEW = "governance review"
    TEACHING_AND_CURRICULUM = "teaching and curriculum"
    SUBJECT_SUPPORT = "subject support"
    SEND = "SEND"
    ATTENDANCE = "attendance"
    BEHAVIOUR = "behaviour"
    EARLY_YEARS = "early years"
    SAFEGUARDING_AUDIT = "safeguarding audit"
    FINANCE_RECOVERY = "finance recovery"
    HR_CASEWORK = "HR casework"
    DATA_AND_ASSESSMENT = "data and assessment"
    PEER_REVIEW = "peer review"
    PRE_INSPECTION_REVIEW = "pre-inspection review"
    POST_INSPECTION_ACTION_PLAN = "post-inspection action plan"
    INTERIM_CAPACITY = "interim capacity"
    TRAINING = "training"
    BROKERED_PARTNERSHIP = "brokered partnership"
    NEW_HEAD = "support for a new head"
    HEAD_APPOINTMENT = "head appointment"
    PUPIL_PREMIUM_REVIEW = "pupil premium review"
    SECONDMENT = "secondment"
    PLACEMENT = "placement of aspiring leaders"
    LEARNING_GROUP = "network or learning group"
    OTHER = "other"


class AllocationStatus(StrEnum):
    """Where one piece of support stands. "withdrawn" is for a record that should not have been made."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    CONSIDERING = "considering"
    AGREED = "agreed"
    PREPARING = "preparing"
    ACTIVE = "active"
    PAUSED = "paused"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    ENDED_EARLY = "ended early"
    WITHDRAWN = "withdrawn"


ACTIVE_STATUSES: frozenset[AllocationStatus] = frozenset(
    {AllocationStatus.AGREED, AllocationStatus.PREPARING, AllocationStatus.ACTIVE}
)
ENDED_STATUSES: frozenset[AllocationStatus] = frozenset(
    {
        AllocationStatus.DECLINED,
        AllocationStatus.CANCELLED,
        AllocationStatus.COMPLETED,
        AllocationStatus.ENDED_EARLY,
        AllocationStatus.WITHDRAWN,
    }
)
REASON_STATUSES: frozenset[AllocationStatus] = frozenset(
    {
        AllocationStatus.PAUSED,
        AllocationStatus.DECLINED,
        AllocationStatus.CANCELLED,
        AllocationStatus.ENDED_EARLY,
        AllocationStatus.WITHDRAWN,
    }
)


# Support that was given and is over.
FINISHED_STATUSES: frozenset[AllocationStatus] = frozenset({AllocationStatus.COMPLETED, AllocationStatus.ENDED_EARLY})


class Formality(StrEnum):
    """Whether support was commissioned, or agreed among schools. Informal help counts: it is help."""

    FORMAL = "formal"
    INFORMAL = "informal"


class Intensity(StrEnum):
    """How much of a school's time support takes."""

    LIGHT = "light"
    TARGETED = "targeted"
    INTENSIVE = "intensive"


class Progress(StrEnum):
    """How one objective of support goes."""

    OFF_TRACK = "off track"
    NEEDS_ATTENTION = "needs attention"
    ON_TRACK = "on track"
    MET = "met"


class ExitOutcome(StrEnum):
    """What support had come to when it ended, as those who agreed it see it."""

    MET = "objectives met"
    PARTLY_MET = "partly met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


class ExitDecision(StrEnum):
    """What follows after support has ended."""

    NO_FURTHER_SUPPORT = "no further support"
    CONTINUE_LIGHTER = "continue lighter"
    CONTINUE = "continue as now"
    CHANGE = "change provider or focus"
    STEP_UP = "step up"
    REFER_ON = "refer on"


class InterestStatus(StrEnum):
    """How far somebody's interest in helping beyond their own school has come."""

    REGISTERED = "registered"
    IN_DISCUSSION = "in discussion"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class MeetingOutcomeWord(StrEnum):
    """What a core group decided for one school."""

    NO_CHANGE = "no change - monitor"
    ADD_TO_WATCH_LIST = "add to watch list"
    STEP_UP_SUPPORT = "step up support"
    CHANGE_PROVIDER_OR_FOCUS = "change provider or focus"
    COMMISSION_REVIEW = "commission review"
    REQUEST_MEETING = "request head or chair meeting"
    REFER_TO_LA_TEAM = "refer to LA team"
    REFER_TO_REGIONAL_DIRECTOR = "refer to regional director"
    CONSIDER_WARNING_NOTICE = "consider warning notice"
    STEP_DOWN = "step down"
    REMOVE_FLAG = "remove flag"
    DEFERRED = "deferred - need evidence"
    NOT_DISCUSSED = "not discussed"


OUTCOMES_ALSO: Mapping[str, MeetingOutcomeWord] = {
    "no change": MeetingOutcomeWord.NO_CHANGE,
    "monitor": MeetingOutcomeWord.NO_CHANGE,
    "refer to regional director (academy)": MeetingOutcomeWord.REFER_TO_REGIONAL_DIRECTOR,
    "warning-notice consideration": MeetingOutcomeWord.CONSIDER_WARNING_NOTICE,
    "warning-notice consideration (maintained)": MeetingOutcomeWord.CONSIDER_WARNING_NOTICE,
    "deferred": MeetingOutcomeWord.DEFERRED,
}


class ReferralStatus(StrEnum):
    """How far the raising of an academy has come, from the draft to the answer."""

    DRAFTED = "drafted"
    DISCUSSED_WITH_TRUST = "discussed with trust"
    WRITTEN_TO_TRUST = "written concern to trust"
    RAISED = "raised with regional director"
    ACKNOWLEDGED = "acknowledged"
    UNDER_REVIEW = "under DfE review"
    OUTCOME_ADVISED = "outcome advised"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


WITH_REGIONAL_DIRECTOR: frozenset[ReferralStatus] = frozenset(
    {
        ReferralStatus.RAISED,
        ReferralStatus.ACKNOWLEDGED,
        ReferralStatus.UNDER_REVIEW,
        ReferralStatus.OUTCOME_ADVISED,
    }
)
ENDED_REFERRALS: frozenset[ReferralStatus] = frozenset({ReferralStatus.CLOSED, ReferralStatus.WITHDRAWN})


REFERRALS_ALSO: Mapping[str, ReferralStatus] = {
    "draft": ReferralStatus.DRAFTED,
    "sent": ReferralStatus.RAISED,
    "raised": ReferralStatus.RAISED,
    "raised with RSC": ReferralStatus.RAISED,
    "replied": ReferralStatus.OUTCOME_ADVISED,
}


class EvidenceKind(StrEnum):
    """What an adviser's view rests on: a record that is linked, or a document that is described."""

    HELD_LINE = "held line"
    INSPECTION = "inspection"
    SUPPORT = "support"
    DOCUMENT = "document"


EVIDENCE_ALSO: Mapping[str, EvidenceKind] = {
    "visit": EvidenceKind.HELD_LINE,
    "allocation": EvidenceKind.SUPPORT,
}


class ViewStanding(StrEnum):
    """How an adviser's view stands on a day; worked out from its dates, never stored."""

    STANDS = "stands"
    LAPSED = "lapsed"
    REPLACED = "replaced by a newer view"
    TO_COME = "made after this date"


class What(StrEnum):
    """What was done to a record, for the audit trail."""

    CREATED = "created"
    CHANGED = "changed"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    SHOWN = "shown"
    ERASED = "erased"


class AttendeeRole(StrEnum):
    """In which role somebody sits in a core group."""

    HEAD = "head teacher"
    CHAIR_OF_GOVERNORS = "chair of governors"
    GOVERNOR = "governor"
    CONSORTIUM_COLLEAGUE = "consortium colleague"
    ADVISER = "LA adviser"
    LA_OFFICER = "LA officer"
    SYSTEM_LEADER = "system leader"
    TRUST = "trust"
    DIOCESE = "diocese"
    CLERK = "clerk"
    OTHER = "other"


class Presence(StrEnum):
    """Whether somebody who was asked to a meeting was there."""

    PRESENT = "present"
    PART = "for part of it"
    APOLOGIES = "apologies"
    ABSENT = "absent"


class PartTaken(StrEnum):
    """What somebody with a conflict of interest did while the school was spoken of."""

    LEFT = "left the room"
    STAYED_SILENT = "stayed, took no part"
    GAVE_FACTS = "gave facts, took no part in the decision"
    TOOK_PART = "took part, by leave of the group"


class AgendaState(StrEnum):
    """Where a school on an agenda stands until it has an outcome; one that has is decided."""

    TO_COME = "to come"
    SKIPPED = "skipped"


class ActionState(StrEnum):
    """How far an action has come."""

    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    COMPLETE = "complete"
    CANNOT_START = "cannot start yet"
    CANNOT_PROGRESS = "cannot progress"
    NOT_REQUIRED = "not required"


ENDED_ACTIONS: frozenset[ActionState] = frozenset({ActionState.COMPLETE, ActionState.NOT_REQUIRED})
STUCK_ACTIONS: frozenset[ActionState] = frozenset(
    {ActionState.CANNOT_START, ActionState.CANNOT_PROGRESS, ActionState.NOT_REQUIRED}
)


class LetterStatus(StrEnum):
    """How far a letter has come. What was sent is never changed, only answered or withdrawn."""

    DRAFTED = "drafted"
    SENT = "sent"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class ReplyKind(StrEnum):
    """What an answer to a letter comes to."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted in part"
    DECLINED = "declined"
    CHALLENGED = "challenged"
    INFORMATION = "gave information"


class Ask(StrEnum):
    """What is asked of the regional director."""

    INFORMATION = "information"
    RISE = "RISE support"
    SUPPORT_OFFER = "an offer of support"
    GOVERNANCE_ACTION = "action on governance"
    MEETING = "a meeting"
    OTHER = "other"
