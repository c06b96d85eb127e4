"""The words of a completion rule, and what may be issued to whom."""

from enum import StrEnum


class Holder(StrEnum):
    """Whom a rule is for, or who holds a certificate."""

    PERSON = "person"
    TEAM = "team"


class CriterionKind(StrEnum):
    """One sort of thing that a completion rule asks for."""

    EVENTS = "events"
    COACH_VISITS = "coach_visits"
    POSTER = "poster"


class CertificateKind(StrEnum):
    """What a certificate states: presence, fixed criteria met, or an award by judgement."""

    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    RECOGNITION = "recognition"
