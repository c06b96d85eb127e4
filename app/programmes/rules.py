"""Who may do what: one table that an organiser could read."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.kernel.permission import Permission


class Role(StrEnum):
    """Who somebody is to the house; staff hold theirs per programme."""

    ADMINISTRATOR = "administrator"
    LEAD = "lead"
    ORGANISER = "organiser"
    FACILITATOR = "facilitator"
    COACH = "coach"
    SUPERVISOR = "supervisor"
    STEWARD = "steward"
    TEAM = "team"
    ATTENDEE = "attendee"
    PUBLIC = "public"


STAFF_ROLES = (Role.LEAD, Role.ORGANISER, Role.FACILITATOR, Role.COACH)

_EVERYBODY = {Permission.SEE_PUBLIC_PAGES, Permission.CHECK_CERTIFICATES, Permission.SIGN_IN}

_ORGANISER = {
    Permission.SEE_OWN_PROGRAMMES,
    Permission.OPEN_PROGRAMME,
    Permission.EDIT_TEAMS,
    Permission.SEE_TEAMS,
    Permission.EDIT_EVENTS,
    Permission.SEE_ATTENDEES,
    Permission.SEE_CONTACT_DETAILS,
    Permission.REGISTER_PEOPLE,
    Permission.IMPORT_PEOPLE,
    Permission.EXPORT_PEOPLE,
    Permission.SEE_CARE_NEEDS,
    Permission.MAIL_ATTENDEES,
    Permission.SEE_OUTBOX,
    Permission.ENROL_DOORS,
    Permission.SHOW_ROOM_CODE,
    Permission.SEE_ATTENDANCE,
    Permission.CORRECT_ATTENDANCE,
    Permission.RESOLVE_PRESENCE,
    Permission.RECORD_VISITS,
    Permission.EDIT_QUESTIONNAIRES,
    Permission.SEE_SKILLS,
    Permission.SEE_POSTERS,
    Permission.PUBLISH_POSTERS,
    Permission.MANAGE_POSTERS,
    Permission.LEAD_GROUP_WORK,
    Permission.EDIT_WRITE_UPS,
    Permission.PUBLISH_WRITE_UPS,
    Permission.SEE_CERTIFICATES,
    Permission.REPORT_TO_COMMISSIONER,
    Permission.LOOK_AFTER_NETWORK,
}

ALLOWS: Mapping[Role, frozenset[Permission]] = {
    Role.PUBLIC: frozenset(_EVERYBODY),
    Role.ATTENDEE: frozenset(
        {
            Permission.SEE_OWN_RECORD,
            Permission.CHECK_ONESELF_IN,
            Permission.JOIN_GROUP_WORK,
            Permission.ANSWER_QUESTIONNAIRES,
            Permission.TAKE_PART_IN_NETWORK,
        }
    ),
    Role.TEAM: frozenset({Permission.LOOK_AFTER_POSTER, Permission.WRITE_OWN_PART}),
    Role.STEWARD: frozenset({Permission.SCAN_AT_THE_DOOR}),
    Role.SUPERVISOR: frozenset({Permission.SCAN_AT_THE_DOOR, Permission.SEARCH_AT_THE_DOOR}),
    Role.COACH: frozenset(
        {
            Permission.SEE_OWN_PROGRAMMES,
            Permission.OPEN_PROGRAMME,
            Permission.SEE_TEAMS,
            Permission.RECORD_VISITS,
            Permission.SEE_COACH_NOTES,
            Permission.SEE_SKILLS,
        }
    ),
    Role.FACILITATOR: frozenset(
        {
            Permission.SEE_OWN_PROGRAMMES,
            Permission.OPEN_PROGRAMME,
            Permission.SEE_TEAMS,
            Permission.SEE_ATTENDEES,
            Permission.SHOW_ROOM_CODE,
            Permission.SEE_ATTENDANCE,
            Permission.RESOLVE_PRESENCE,
            Permission.SEE_SKILLS,
            Permission.SEE_POSTERS,
            Permission.PUBLISH_POSTERS,
            Permission.LEAD_GROUP_WORK,
            Permission.EDIT_WRITE_UPS,
        }
    ),
    Role.ORGANISER: frozenset(_ORGANISER),
    Role.LEAD: frozenset(
        _ORGANISER
        | {
            Permission.EDIT_PROGRAMME,
            Permission.GIVE_ROLES,
            Permission.SEE_AUDIT,
            Permission.ERASE_PEOPLE,
            Permission.ISSUE_CERTIFICATES,
            Permission.REVOKE_CERTIFICATES,
            Permission.GRANT_EXCEPTIONS,
            Permission.AWARD_RECOGNITION,
        }
    ),
    # Whoever runs the server does not read people's data by default (trust: roles and permissions).
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.SEE_OWN_PROGRAMMES,
            Permission.RUN_THE_SERVER,
            Permission.MANAGE_ACCOUNTS,
            Permission.GIVE_ROLES,
            Permission.SEE_OUTBOX,
        }
    ),
}


def allowed(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return everything that somebody with these roles may do."""
    return frozenset().union(*(ALLOWS[role] for role in roles))


def sees_own_teams_only(roles: Iterable[Role]) -> bool:
    """Say whether somebody is here as a coach alone, and so sees the teams they coach."""
    return frozenset(roles) - {Role.ADMINISTRATOR} == {Role.COACH}
