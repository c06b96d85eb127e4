"""The words of a certificate: put together once, at the moment of issue, and frozen."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.certificates.queries.completion import PersonStanding, TeamStanding
from app.certificates.rules import Gathering, Presence
from app.events.models import Event
from app.kernel.clock import london_day
from app.plumbing.addresses import address_of, short_address_of
from app.plumbing.pdf import unprintable
from app.posters.queries.posters import newest_poster_of
from app.programmes.models import Programme, Team

Fields = dict[str, Any]  # Any: what a design prints is text, a date, or a list of these

SAID_SINCE: Fields = {"poster": ""}
"""What designs print that they did not always: words that were frozen before say nothing there."""

DATES = frozenset({"issued_on", "event_date", "from_on", "to_on", "date"})


def for_person(line: PersonStanding, programme: Programme) -> Fields:
    """Return what a certificate of completion says about a person."""
    return {
        **_of_programme(programme),
        **_period(line.deeds.gatherings, programme),
        "recipient": line.person.name_on_certificate,
        "team": line.team.name,
        "events": [
            _event_line(gathering, presence)
            for gathering in line.deeds.gatherings
            for presence in line.deeds.presences.get(gathering.id, [])
            if presence is not None
        ],
    }


def for_team(line: TeamStanding, programme: Programme) -> Fields:
    """Return what a certificate of completion says about a team: with the members who completed."""
    return {
        **_of_programme(programme),
        **_period(line.deeds.gatherings, programme),
        "recipient": line.team.name,
        "members": members_named(line),
        "events": [
            {"title": gathering.title, "date": gathering.day.isoformat()}
            for gathering in line.deeds.gatherings
            if any(line.deeds.presences.get(gathering.id, []))
        ],
        "poster": _address_of_poster(line.team),
    }


def _address_of_poster(team: Team) -> str:
    """Return the lasting address of the poster that a team showed last; empty if it showed none."""
    poster = newest_poster_of(team)
    return short_address_of("public.posters.poster", code=poster.code) if poster else ""


def members_named(line: TeamStanding) -> list[str]:
    """Return the members whom a team's certificate names: those who met the rule themselves."""
    completed = [member for member in line.members if member.completion.is_met]
    named = completed or [member for member in line.members if _took_part(member)]
    return [member.person.name_on_certificate for member in named]


def for_attendance(event: Event, *, recipient: str, team: Team | None) -> Fields:
    """Return what a certificate of attendance says."""
    return {
        **_of_programme(event.programme),
        "recipient": recipient,
        "team": team.name if team else "",
        "event": event.title,
        "event_date": london_day(event.starts_at).isoformat(),
        "venue": event.venue,
        # Breaks are not recorded, so we claim no hours of learning.
        "hours": "",
    }


def for_recognition(event: Event, *, recipient: str, team: Team | None, citation: str) -> Fields:
    """Return what special recognition says."""
    return {
        **_of_programme(event.programme),
        "recipient": recipient,
        "team": team.name if team else "",
        "event": event.title,
        "event_date": london_day(event.starts_at).isoformat(),
        "citation": citation,
    }


def numbered(fields: Fields, *, number: str, code: str, at: datetime) -> Fields:
    """Return a certificate's words with its number, its day and where it can be checked."""
    return {
        **fields,
        "number": number,
        "issued_on": london_day(at).isoformat(),
        "check_address": short_address_of("public.certificates.check"),
        # Capitals make a smaller code with larger modules: QR has an alphabet without lower case.
        "check_url": address_of("public.certificates.certificate", code=code).upper(),
    }


def thawed(fields: Mapping[str, Any]) -> Fields:
    """Return frozen words with their dates as dates, as a design prints them."""
    return {**SAID_SINCE, **_thawed_each(fields)}


def _thawed_each(fields: Mapping[str, Any]) -> Fields:
    return {name: _thawed(name, value) for name, value in fields.items()}


def _thawed(name: str, value: Any) -> Any:
    if name in DATES and isinstance(value, str) and value:
        return date.fromisoformat(value)
    if isinstance(value, list):
        return [_thawed_each(part) if isinstance(part, Mapping) else part for part in value]
    return value


def strange_letters(fields: Mapping[str, Any]) -> str:
    """Return the characters in a certificate's words that no print font has; empty if all can be printed."""
    return "".join(sorted(frozenset().union(*(unprintable(text) for text in _texts(fields)))))


def _texts(value: Any) -> Iterator[str]:
    # Any: a field is a text, a list of texts, or a list of events with their titles.
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _of_programme(programme: Programme) -> Fields:
    return {
        "programme": programme.title,
        "host": programme.host_organisation,
        "commissioner": programme.commissioner,
        "aims": programme.aims,
        "signatory_name": programme.signatory_name,
        "signatory_role": programme.signatory_role,
    }


def _period(gatherings: Sequence[Gathering], programme: Programme) -> Fields:
    first = gatherings[0].day if gatherings else programme.starts_on
    last = gatherings[-1].day if gatherings else programme.ends_on
    return {"from_on": first.isoformat(), "to_on": last.isoformat()}


def _event_line(gathering: Gathering, presence: Presence) -> Fields:
    title = f"{gathering.title} (made up)" if presence.is_made_up else gathering.title
    return {"title": title, "date": gathering.day.isoformat()}


def _took_part(member: PersonStanding) -> bool:
    return any(presence for here in member.deeds.presences.values() for presence in here)
