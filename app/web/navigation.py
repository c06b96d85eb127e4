"""Which links each audience sees, and whose product this is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for

from app.web.entrances import permission_of
from app.web.settings import Settings


@dataclass(frozen=True)
class Place:
    """A page that people should find without knowing its address."""

    text: str
    endpoint: str
    stands_alone: bool = False
    """Its address is the beginning of many others that are no part of it."""


@dataclass(frozen=True)
class Link:
    """A place with its address, and whether we are there now."""

    text: str
    href: str
    current: bool


# In the order in which they are shown. A place appears once its page is there, its address can be
# built from where we are, and the person in front may open it.
PROGRAMME = (
    Place("Overview", "organiser.reports.programme"),
    Place("Teams", "organiser.programmes.teams"),
    Place("Visits", "organiser.coaching.rounds"),
    Place("Skills", "organiser.questionnaires.skills"),
    Place("Completion", "organiser.certificates.standings"),
    Place("Certificates", "organiser.certificates.register"),
    Place("Recognition", "organiser.certificates.recognition"),
    Place("Network", "organiser.network.overview"),
    Place("Commissioner report", "organiser.reports.commissioner_report_page"),
    Place("Staff", "organiser.programmes.staff"),
    Place("Mail", "organiser.house.outbox"),
    Place("Changes", "organiser.reports.changes"),
)
EVENT = (
    Place("Event", "organiser.reports.event"),
    Place("Registrations", "organiser.registration.registrations"),
    Place("Invite", "organiser.registration.invite"),
    Place("Attendance", "organiser.checkin.attendance"),
    Place("Doors", "organiser.checkin.doors"),
    Place("Posters", "organiser.posters.posters"),
    Place("Group work", "organiser.groupwork.session"),
    Place("Room code", "organiser.checkin.room_code"),
    Place("Skills round", "organiser.questionnaires.wave"),
    Place("Catering", "organiser.registration.catering"),
    Place("Access needs", "organiser.registration.access_needs"),
    Place("Certificates", "organiser.certificates.certificates"),
    Place("Write-up", "organiser.writeups.write_up"),
    Place("Event-day check", "organiser.reports.event_day_check"),
)
STAFF = (
    Place("Programmes", "organiser.programmes.programmes"),
    Place("Accounts", "organiser.people.accounts"),
    Place("Mail", "organiser.house.all_outbox"),
    Place("Jobs", "organiser.house.jobs"),
    Place("Changes", "organiser.reports.server_changes"),
    Place("Health", "organiser.house.health"),
)
ATTENDEE = (
    Place("My page", "attendee.registration.mine", stands_alone=True),
    Place("My skills", "attendee.questionnaires.skills"),
    Place("My progress", "attendee.certificates.progress"),
    Place("Appraisal pack", "attendee.reports.appraisal_pack"),
    Place("Network", "attendee.network.networks"),
    Place("Contacts", "attendee.network.contacts"),
    Place("My data", "attendee.registration.my_data"),
)
TEAM = (
    Place("Our poster", "team.posters.poster"),
    Place("Questions", "team.posters.questions"),
    Place("Reflections", "team.posters.reflections"),
    Place("At our stand", "team.posters.stand"),
    Place("Our part of the story", "team.writeups.part"),
)
FOOTER = (
    Place("Check a certificate", "public.certificates.check"),
    Place("Accessibility", "public.house.accessibility"),
    Place("Privacy", "public.house.privacy"),
    Place("Staff sign-in", "security.login"),
)


def places_for(blueprint: str | None, known: frozenset[str]) -> Sequence[Place]:
    """Choose the menu of an entrance, by what the address has named so far."""
    entrance = (blueprint or "").partition(".")[0]
    if entrance == "attendee":
        return ATTENDEE
    if entrance == "team":
        return TEAM
    if entrance != "organiser":
        return ()
    if "event_slug" in known:
        return EVENT
    return PROGRAMME if "programme_slug" in known else STAFF


def links_for(
    places: Sequence[Place], *, address_of: Callable[[str], str | None], here: str
) -> list[Link]:
    """Turn places into links, and mark the one that we are at or under."""
    reached = [(place, address_of(place.endpoint)) for place in places]
    addresses = [(place, address) for place, address in reached if address is not None]
    above = [
        address
        for place, address in addresses
        if here == address or (_is_under(here, address) and not place.stands_alone)
    ]
    nearest = max(above, key=len, default=None)
    return [Link(place.text, address, current=address == nearest) for place, address in addresses]


def register(app: Flask, settings: Settings) -> None:
    """Tell every page whose product it is, where one can go, and who is here."""
    organisation = settings.organisation if settings.organisation != "Hooray" else ""
    product = {"name": "Hooray", "organisation": organisation, "home": "/"}

    @app.context_processor
    def frame() -> dict[str, Any]:
        asked: dict[str, Any] = {} if g.get("frame_is_bare") else request.view_args or {}
        known = _named_by(asked)
        menu = places_for(request.blueprint, frozenset(known))
        address_of = _addresses(asked, known)
        return {
            "product": product,
            "navigation": links_for(menu, address_of=address_of, here=request.path),
            "footer_links": links_for(_footer_of(asked), address_of=address_of, here=request.path),
            "signed_in_as": _name_of_who_asks(asked),
            "sign_out_at": _way_out(asked),
        }


def _is_under(here: str, address: str) -> bool:
    return here.startswith(address.rstrip("/") + "/")


def _named_by(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of addresses that this page's own address has named."""
    event = asked.get("event")
    if event is not None:
        return {"programme_slug": event.programme.slug, "event_slug": event.slug}
    programme = asked.get("programme")
    return {"programme_slug": programme.slug} if programme is not None else {}


def _addresses(asked: dict[str, Any], known: dict[str, Any]) -> Callable[[str], str | None]:
    """Return how to find a page's address, or None where it is not there or not theirs."""

    def address_of(endpoint: str) -> str | None:
        if endpoint not in current_app.view_functions:
            return None
        arguments = next(current_app.url_map.iter_rules(endpoint)).arguments
        if not known.keys() >= arguments:
            return None
        if endpoint.startswith("organiser.") and not _may_open(endpoint, asked):
            return None
        return url_for(endpoint, **{name: known[name] for name in arguments})

    return address_of


def _may_open(endpoint: str, asked: dict[str, Any]) -> bool:
    staff = asked.get("staff")
    permission = permission_of(current_app, endpoint)
    return staff is not None and permission is not None and staff.may(permission)


def _footer_of(asked: dict[str, Any]) -> Sequence[Place]:
    """Leave the way in out for staff: they are in."""
    return [place for place in FOOTER if "staff" not in asked or place.endpoint != "security.login"]


def _way_out(asked: dict[str, Any]) -> str | None:
    if "staff" in asked:
        return url_for("security.logout")
    if "ours" in asked:
        return url_for("team.posters.leave")
    return url_for("attendee.people.leave") if "me" in asked else None


def _name_of_who_asks(asked: dict[str, Any]) -> str | None:
    ours = asked.get("ours")
    who = asked.get("staff") or asked.get("me") or (ours and ours.team)
    return who.name if who is not None else None
