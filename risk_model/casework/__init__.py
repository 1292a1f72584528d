"""The records that users write: system leaders, allocations, meetings, referrals, and the audit trail.

This is the package's public door. Every change is audited in its own transaction, and nothing is deleted.
"""

from risk_model.casework.allocations import (
    Allocation,
    NewAllocation,
    active_allocations,
    add_allocation,
    add_allocations,
    allocations,
    change_allocation,
    end_allocation,
)
from risk_model.casework.allocations_csv import (
    ALLOCATION_COLUMNS,
    Preview,
    PreviewRow,
    read_allocations_csv,
)
from risk_model.casework.audit import AuditEntry, audit_trail
from risk_model.casework.csv_reading import CsvProblem
from risk_model.casework.data_acts import audited
from risk_model.casework.demo_records import load_demo_records
from risk_model.casework.leaders import (
    NewSystemLeader,
    SystemLeader,
    add_system_leader,
    add_system_leaders,
    change_system_leader,
    end_system_leader,
    system_leaders,
)
from risk_model.casework.meetings import (
    Meeting,
    MeetingOutcome,
    NewMeeting,
    NewMeetingOutcome,
    add_meeting,
    add_meeting_outcome,
    change_meeting,
    change_meeting_outcome,
    meetings,
    withdraw_meeting,
    withdraw_meeting_outcome,
)
from risk_model.casework.record_files import FilePreview, preview_record_file
from risk_model.casework.referrals import NewReferral, Referral, add_referral, change_referral, referrals
from risk_model.casework.store import Records, close_records, open_records
from risk_model.casework.templates import RECORD_TEMPLATES
from risk_model.casework.words import (
    ACTIVE_STATUSES,
    ENDED_REFERRALS,
    ENDED_STATUSES,
    REASON_STATUSES,
    WITH_REGIONAL_DIRECTOR,
    AllocationStatus,
    MeetingOutcomeWord,
    ProviderType,
    ReferralStatus,
    Role,
    SupportType,
    What,
)

__all__ = [
    "ACTIVE_STATUSES",
    "ALLOCATION_COLUMNS",
    "ENDED_REFERRALS",
    "ENDED_STATUSES",
    "REASON_STATUSES",
    "RECORD_TEMPLATES",
    "WITH_REGIONAL_DIRECTOR",
    "Allocation",
    "AllocationStatus",
    "AuditEntry",
    "CsvProblem",
    "FilePreview",
    "Meeting",
    "MeetingOutcome",
    "MeetingOutcomeWord",
    "NewAllocation",
    "NewMeeting",
    "NewMeetingOutcome",
    "NewReferral",
    "NewSystemLeader",
    "Preview",
    "PreviewRow",
    "ProviderType",
    "Records",
    "Referral",
    "ReferralStatus",
    "Role",
    "SupportType",
    "SystemLeader",
    "What",
    "active_allocations",
    "add_allocation",
    "add_allocations",
    "add_meeting",
    "add_meeting_outcome",
    "add_referral",
    "add_system_leader",
    "add_system_leaders",
    "allocations",
    "audit_trail",
    "audited",
    "change_allocation",
    "change_meeting",
    "change_meeting_outcome",
    "change_referral",
    "change_system_leader",
    "close_records",
    "end_allocation",
    "end_system_leader",
    "load_demo_records",
    "meetings",
    "open_records",
    "preview_record_file",
    "read_allocations_csv",
    "referrals",
    "system_leaders",
    "withdraw_meeting",
    "withdraw_meeting_outcome",
]
