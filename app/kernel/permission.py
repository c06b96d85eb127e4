"""What somebody may be allowed to do, and how a page says which of it is needed."""

from collections.abc import Callable
from enum import StrEnum
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """One thing that a role may be allowed to do; the value is how an organiser would say it."""

    SEE_PUBLIC_PAGES = "see public events and register"
    CHECK_CERTIFICATES = "check a certificate by its code"
    SIGN_IN = "sign in"

    RUN_THE_SERVER = "create programmes, see health and mail settings"
    MANAGE_ACCOUNTS = "create and switch off staff accounts"
    SEE_OUTBOX = "see which mail waits, went out or came back"

    SEE_OWN_PROGRAMMES = "see the programmes one works on"
    OPEN_PROGRAMME = "open a programme and its overview"
    EDIT_PROGRAMME = "change a programme, its rules and signatory"
    EDIT_TEAMS = "change teams, members and coaches"
    SEE_TEAMS = "see a team's timeline"
    GIVE_ROLES = "give roles inside a programme"
    EDIT_EVENTS = "create and change events"
    SEE_AUDIT = "read the record of changes"

    SEE_ATTENDEES = "list attendees: name, practice, status"
    SEE_CONTACT_DETAILS = "see e-mail addresses"
    REGISTER_PEOPLE = "register, change and cancel for other people"
    IMPORT_PEOPLE = "upload a list of people and invite them"
    EXPORT_PEOPLE = "export lists of people"
    ERASE_PEOPLE = "erase somebody's details for good"
    SEE_CARE_NEEDS = "see dietary and access needs"
    MAIL_ATTENDEES = "send mail to attendees"

    ENROL_DOORS = "make and revoke door links"
    SHOW_ROOM_CODE = "show the room code"
    SEE_ATTENDANCE = "see who is here"
    CORRECT_ATTENDANCE = "correct attendance with a reason"
    RESOLVE_PRESENCE = "resolve presence that needs a look, and head counts"

    RECORD_VISITS = "record coach visits"
    SEE_COACH_NOTES = "read coaches' private notes"

    EDIT_QUESTIONNAIRES = "build skills questionnaires, plan and close their rounds"
    SEE_SKILLS = "see skills figures of groups, never of a person"
    SEE_POSTERS = "see every team's poster, also before it is shown"
    PUBLISH_POSTERS = "show and hide posters, and look after what visitors write"
    MANAGE_POSTERS = "set up the marketplace, and hand in for a team"

    LEAD_GROUP_WORK = "prepare and lead group work, and look after what came of it"
    LOOK_AFTER_NETWORK = "look after the network: who is asked, and what goes out"
    REPORT_TO_COMMISSIONER = "make the report for the commissioner"
    EDIT_WRITE_UPS = "write the draft of an event's write-up, and look after its comments"
    PUBLISH_WRITE_UPS = "publish and withdraw the write-up of an event"

    SEE_CERTIFICATES = "see standing and the register of certificates"
    ISSUE_CERTIFICATES = "issue, print and mail certificates"
    REVOKE_CERTIFICATES = "withdraw and replace certificates"
    GRANT_EXCEPTIONS = "grant an exception to a rule, with a reason"
    AWARD_RECOGNITION = "award special recognition"

    SCAN_AT_THE_DOOR = "scan passes at a door"
    SEARCH_AT_THE_DOOR = "search by name and register walk-ins at a door"

    LOOK_AFTER_POSTER = "hand in, describe and show the team's own poster"
    WRITE_OWN_PART = "write the team's own part for the draft of a story"

    SEE_OWN_RECORD = "see and change one's own bookings, pass and certificates"
    CHECK_ONESELF_IN = "check oneself in with the room code"
    JOIN_GROUP_WORK = "write and vote in group work, and answer for one's own agreements"
    ANSWER_QUESTIONNAIRES = "answer skills questionnaires and see one's own chart"
    TAKE_PART_IN_NETWORK = "join the network, ask teams, and exchange contact details"


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a page with the permission that opens it; the entrances read the mark."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.needs = permission  # type: ignore[attr-defined]  # a mark on a function, read by the entrances
        return view

    return mark
