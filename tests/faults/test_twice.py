"""G11: every form of the product, sent twice at the same moment, has one effect.

The forms are found by walking through the product in three states of the sample; the addresses that
take a form are read from the list of routes, so a form that nobody can reach here must say why.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.checkin.models import CheckinPoint, PointKind
from app.checkin.rules.codes import room_code
from app.coaching.models import CoachVisit
from app.events.models import Event
from app.kernel.clock import london_day, now
from app.people.models import Account, Person
from app.plumbing.database import db, transaction
from app.plumbing.limits import limiter
from app.plumbing.queue import Job, run_due
from app.programmes.models import Team
from app.questionnaires.actions.editing import keep_draft, questionnaire_for
from app.questionnaires.models import Wave
from app.questionnaires.rules.sheets import STANDARD, with_words
from app.registration.models import Registration, Status
from app.web.sample.cast import SIAN
from app.web.sample.loading import sample_token
from tests.crawl import Cast, crawl, endpoint_of, programme_slug, the_cast_of_the_sample
from tests.factories.coaching import a_coach_visit
from tests.factories.events import an_event
from tests.factories.people import an_account
from tests.factories.programmes import a_programme
from tests.factories.registration import a_registration, the_code_of
from tests.faults.twice import ANSWERS, Found, everything, filled_in, send, sendable, trouble_with
from tests.visitor import Visitor

ELSEWHERE = {
    "organiser.writeups.preview": "changes nothing, and a script sends it: tests/writeups",
    "organiser.writeups.save_draft": "a script sends it, after the one before: tests/writeups",
    "volunteer.checkin.scan": "takes JSON with a scan id: tests/faults/test_door.py, every ticket twice",
}
"""Addresses that take something else than a form, with the place where they are tried twice."""

WITH_WALKS_OF_THEIR_OWN = re.compile(r"^security\.|\.groupwork\.")
"""The library's pages; and group work, whose session is led through its states in test_group_work_twice.py."""

NOT_SENT_HERE = {
    "organiser.certificates.replace": "asks for something other than what stands on the certificate",
    "organiser.checkin.correction": "refused for a time to come when the summit is early in the day",
    "organiser.programmes.staff": "asks for the address of an account",
    "public.sign_in.ask_for_link": "asks for the address of an account",
    "organiser.programmes.team_settings": "its order starts at nought, which reads as no answer",
}
"""Forms that the walk finds but does not fill in so that they do something.

A form that shows what stands there is sent as it is: that it changes nothing twice is all we learn.
"""


def the_forms(app: Flask, cast: Cast) -> list[Found]:
    """Walk through a day of the sample, stopping wherever new forms come up."""
    found: dict[str, Found] = {}
    stops = (morning, list_uploaded, invited, arrived, afternoon, explained, issued, withdrawn)
    for stop in stops:
        stop(app, cast, found)
        collect(app, cast, found)
    return sorted(found.values(), key=lambda one: one.endpoint)


def morning(app: Flask, cast: Cast, _found: dict[str, Found]) -> None:
    """The attendee has a place at one later event and is invited to another, and stands in the room."""
    attendee = cast.visitors["attendee"]
    later = now() + timedelta(days=40)
    programme = a_programme("another-year")
    sian = db.session.scalars(sa.select(Person).where(Person.name == SIAN)).one()
    for slug, status in (("reunion", Status.CONFIRMED), ("network-day", Status.INVITED)):
        event = an_event(programme, slug, title=slug.capitalize(), starts_at=later)
        a_registration(event, sian, status=status)
        cast.starts["stranger"].append(f"/events/{programme.slug}/{slug}/registration")
    colleague = db.session.scalars(sa.select(Registration).where(Registration.person_id != sian.id))
    ANSWERS["code"] = the_code_of(colleague.first()).short_code
    room = db.session.scalars(
        sa.select(CheckinPoint).where(CheckinPoint.kind == PointKind.ROOM)
    ).first()
    attendee.open(f"/r/{room.address_code}/{room_code(room.code_key, now())}")
    cast.starts["attendee"] += ["/my/arrival", "/my/arrival/colleague", f"/r/{room.address_code}"]
    cast.starts["stranger"] += [f"/r/{room.address_code}", "/link"]
    a_team(app, cast)
    token = sample_token("attendee")
    cast.starts["stranger"] += [
        f"/l/{token}/certificates",
        f"/l/{token}/{programme.slug}/reunion/change",
    ]
    a_coach_and_an_account_switched_off(app, cast)
    a_questionnaire_that_was_put_anew(cast)


def a_questionnaire_that_was_put_anew(cast: Cast) -> None:
    """Leave a statement of the draft in other words, and lead the attendee to the open round."""
    slug = programme_slug()
    summit = db.session.scalars(
        sa.select(Wave).join(Wave.event).where(Event.slug == "summit")
    ).one()
    with transaction():
        found = questionnaire_for(summit.event.programme, at=now())
        words = {"data-chart": "I can teach a colleague to read a run chart."}
        keep_draft(found, with_words(STANDARD, words, STANDARD.scale), at=now())
    cast.starts["attendee"].append(f"/my/{slug}/summit/skills/1")
    cast.starts["lead"].append(f"/organise/{slug}/skills/questionnaire/use")


def a_team(app: Flask, cast: Cast) -> None:
    """Let a team in by its link, whose poster is left undrawn: drawing takes most of a minute."""
    with transaction():
        db.session.execute(
            sa.update(Job).where(Job.name == "posters.prepare").values(cancelled_at=now())
        )
    team = Visitor(app)
    team.fill_in(f"/t/{sample_token('team')}")
    cast.visitors["team"] = team
    cast.starts["team"] = ["/team/"]


def a_coach_and_an_account_switched_off(app: Flask, cast: Cast) -> None:
    sample = db.session.scalars(sa.select(CoachVisit)).first()
    visit = a_coach_visit(
        sample.team, sample.coach, visited_on=london_day(now()), recorded_at=now()
    )
    account = db.session.scalars(
        sa.select(Account).where(Account.person_id == visit.coach_id)
    ).one()
    team = f"/organise/{visit.team.programme.slug}/teams/{visit.team.slug}"
    cast.visitors["coach"] = Visitor(app).sign_in(account)
    cast.starts["coach"] = [f"{team}/visits/{visit.id}"]
    away = an_account("Ada Away", active=False)
    cast.starts["administrator"].insert(0, f"/organise/accounts/{away.id}")


def list_uploaded(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    press(cast, found, "organiser.registration.upload_list")


def invited(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    press(cast, found, "organiser.registration.send_invitations")


def arrived(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    press(cast, found, "attendee.checkin.arrive")
    press(cast, found, "attendee.network.join")
    run_due(now, limit=50)


def afternoon(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    press(cast, found, "public.house.afternoon")
    teams = db.session.scalars(sa.select(Team.slug)).all()
    slug = programme_slug()
    cast.starts["lead"][:0] = [f"/organise/{slug}/completion/teams/{team}" for team in teams]


def explained(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    press(cast, found, "organiser.checkin.resolution")
    # Certificates are not given out before the difference is explained: come to these forms again.
    for name in ("issue_to_person", "issue_to_team"):
        found.pop(f"organiser.certificates.{name}", None)


def issued(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    press(cast, found, "organiser.certificates.issue_all")
    run_due(now, limit=50)


def withdrawn(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    collect(app, cast, found)
    press(cast, found, "organiser.certificates.send")
    press(cast, found, "organiser.certificates.withdraw")


def press(cast: Cast, found: dict[str, Found], endpoint: str) -> None:
    """Do for good what a form does that the walk came to."""
    one = found[endpoint]
    visitor = cast.visitors[one.who]
    data = filled_in(visitor.open(one.path), one)
    page = visitor.send(one.action or one.path, data=sendable(data))
    assert page.status == 200, (endpoint, page.text)


def collect(app: Flask, cast: Cast, found: dict[str, Found]) -> None:
    limiter.reset()
    rows = everything()
    for opened in crawl(app, cast):
        for form in opened.page.forms:
            endpoint = endpoint_of(app, form.action or opened.path, "POST")
            is_ours = (
                endpoint
                and not WITH_WALKS_OF_THEIR_OWN.search(endpoint)
                and endpoint not in UNREACHED
            )
            if form.method == "post" and endpoint and is_ours:
                action = form.action.partition("?")[0]
                found.setdefault(endpoint, Found(endpoint, opened.who, opened.path, action, rows))


@pytest.fixture
def patient(app: Flask) -> Iterator[Flask]:
    limiter.reset()
    yield app
    limiter.reset()


def test_every_form_sent_twice_at_once_has_one_effect(patient):
    cast = the_cast_of_the_sample(patient)
    forms = the_forms(patient, cast)
    _check_that_all_are_there(patient, forms)

    wrong = {}
    for found in forms:
        once, (status,) = send(patient, cast, found, times=1)
        twice, statuses = send(patient, cast, found, times=2)
        trouble = trouble_with(found, status, statuses, once, twice)
        if trouble:
            wrong[found.endpoint] = trouble

    new = {name: why for name, why in wrong.items() if name not in NOT_SENT_HERE}
    assert not new, json.dumps(new, indent=1)


UNREACHED = {
    "attendee.questionnaires.feedback": "asks who has a certificate of attendance: tests/questionnaires",
    "attendee.questionnaires.delete_answers": "asks for a code from a letter: tests/questionnaires",
    "attendee.registration.ask_to_be_erased": "asks for a code from a letter: tests/house/test_erasing.py",
    "organiser.questionnaires.privacy": "stands since the sample's first round: tests/questionnaires",
    "attendee.network.remove": "comes after an exchange: tests/network",
    "attendee.people.address": "asks for a code first: tests/people/views/test_new_address.py",
    "attendee.people.confirm_address": "asks for a code from a letter: as the one before",
    "attendee.people.type_code": "asks for a code from a letter: tests/people",
    "organiser.certificates.withdraw_exception": "there is none in the sample: tests/certificates",
    "organiser.people.erase_account": "asks for an account that is switched off: tests/people",
    "organiser.people.reset_second_factor": "nobody in the sample has one: tests/web/test_signing_in.py",
    "organiser.posters.poster": "all eight are handed in: tests/posters",
    "organiser.registration.remind": "comes a day after the invitation: tests/registration",
    "organiser.posters.end_links": "comes after others: tests/posters",
    "organiser.posters.paper": "comes after others: tests/posters",
    "organiser.posters.show_again": "comes after others: tests/posters",
    "organiser.posters.show_words": "comes after others: tests/posters",
    "team.posters.remove_slot": "comes after a time was added: tests/posters",
    "team.posters.upload": "asks for a poster: tests/posters",
    "public.network.leave_now": "stands in the monthly letter: tests/network",
    "public.network.leave_at_once": "stands in a header of the monthly letter: tests/network",
    "public.posters.vote": "ends minutes after the sample's afternoon begins: tests/posters",
    "public.checkin.room": "asks a stranger for a code and a name: tests/checkin",
    "public.sign_in.use_link": "works once, for ten minutes: tests/web/test_sign_in_links.py",
    "public.writeups.confirm_comment": "follows a link from a letter: tests/writeups/test_at_once.py",
    "public.writeups.moderate": "follows a link from a letter: tests/writeups/test_at_once.py",
    "public.writeups.stop_letters_at_once": "stands in a header of a letter: tests/writeups",
    "public.writeups.stop_letters": "follows a link from a letter: tests/writeups/test_at_once.py",
    "public.writeups.take_back_comment": "follows a link from a letter: tests/writeups/test_at_once.py",
    "attendee.writeups.answer_mention": "follows a link from a letter: tests/writeups/views",
    "organiser.writeups.ask_people": "nobody is named in the sample's text: tests/writeups",
    "organiser.writeups.add_picture": "asks for a picture: tests/writeups",
    "organiser.writeups.remove_picture": "comes after a picture was added: tests/writeups",
    "volunteer.checkin.found": "comes after a search: tests/checkin",
}
"""Forms that the walk does not come to, and where they are tried; a new form is reached or joins them."""


def _check_that_all_are_there(app: Flask, forms: list[Found]) -> None:
    taking = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and not WITH_WALKS_OF_THEIR_OWN.search(rule.endpoint)
    }
    unknown = taking - {found.endpoint for found in forms} - set(ELSEWHERE) - set(UNREACHED)
    assert not unknown, f"never sent twice: {sorted(unknown)}"
