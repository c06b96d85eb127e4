"""Which pages hang on which entrance, and whose later work is known; a new room is one line here."""

from types import ModuleType

from flask import Blueprint, Flask

from app.certificates import jobs as certificate_jobs
from app.certificates.actions import erasing as certificates_erasing
from app.certificates.views import attendee as certificates_attendee
from app.certificates.views import public as certificates_public
from app.certificates.views.organiser import pages as certificates_organiser
from app.checkin.actions import erasing as checkin_erasing
from app.checkin.queries.attendance import places_come, was_seen
from app.checkin.queries.places import tables_are_told_by
from app.checkin.views import attendee as checkin_attendee
from app.checkin.views import public as checkin_public
from app.checkin.views import volunteer as checkin_volunteer
from app.checkin.views.organiser import pages as checkin_organiser
from app.coaching.views import organiser as coaching_organiser
from app.events.views import organiser as events_organiser
from app.groupwork import jobs as groupwork_jobs
from app.groupwork.actions import erasing as groupwork_erasing
from app.groupwork.queries.tables import number_of_table
from app.groupwork.views import attendee as groupwork_attendee
from app.groupwork.views.organiser.pages import pages as groupwork_organiser
from app.groupwork.views.public.pages import pages as groupwork_public
from app.network import jobs as network_jobs
from app.network.actions import forgetting as network_forgetting
from app.network.views import attendee as network_attendee
from app.network.views import organiser as network_organiser
from app.network.views import public as network_public
from app.people import jobs as people_jobs
from app.people.actions import people_are_remembered_by
from app.people.views import attendee as people_attendee
from app.people.views import organiser as people_organiser
from app.people.views import public as people_public
from app.posters import jobs as poster_jobs
from app.posters.actions import erasing as posters_erasing
from app.posters.views import attendee as posters_attendee
from app.posters.views.organiser.pages import pages as posters_organiser
from app.posters.views.public.pages import pages as posters_public
from app.posters.views.team.pages import pages as posters_team
from app.programmes.views.organiser.pages import pages as programmes_organiser
from app.questionnaires import jobs as questionnaire_jobs
from app.questionnaires.actions import taking_back as questionnaires_taking_back
from app.questionnaires.views import attendee as questionnaires_attendee
from app.questionnaires.views.organiser.pages import pages as questionnaires_organiser
from app.registration import jobs as registration_jobs
from app.registration.actions import erasing as registration_erasing
from app.registration.queries import presence_is_told_by, presences_are_told_by
from app.registration.views import attendee as registration_attendee
from app.registration.views import public as registration_public
from app.registration.views.organiser import pages as registration_organiser
from app.reports import jobs as report_jobs
from app.reports.views import attendee as reports_attendee
from app.reports.views.organiser.pages import pages as reports_organiser
from app.web import engine_room, pages, sign_in_links
from app.web.entrances import ENTRANCES, attendee, organiser, public, team, volunteer
from app.web.sample import drawing as sample_drawing
from app.writeups import jobs as writeup_jobs
from app.writeups.actions import erasing as writeups_erasing
from app.writeups.views import attendee as writeups_attendee
from app.writeups.views import team as writeups_team
from app.writeups.views.organiser.pages import pages as writeups_organiser
from app.writeups.views.public.pages import pages as writeups_public

PAGES: tuple[tuple[Blueprint, Blueprint], ...] = (
    (public, pages.pages),
    (public, sign_in_links.pages),
    (public, people_public.pages),
    (attendee, people_attendee.pages),
    (organiser, programmes_organiser),
    (organiser, events_organiser.pages),
    (public, registration_public.pages),
    (attendee, registration_attendee.pages),
    (organiser, registration_organiser.pages),
    (organiser, people_organiser.pages),
    (organiser, engine_room.pages),
    (public, checkin_public.pages),
    (attendee, checkin_attendee.pages),
    (organiser, checkin_organiser.pages),
    (volunteer, checkin_volunteer.pages),
    (public, posters_public),
    (team, posters_team),
    (organiser, posters_organiser),
    (public, groupwork_public),
    (attendee, groupwork_attendee.pages),
    (organiser, groupwork_organiser),
    (organiser, coaching_organiser.pages),
    (attendee, posters_attendee.pages),
    (attendee, questionnaires_attendee.pages),
    (organiser, questionnaires_organiser),
    (public, certificates_public.pages),
    (attendee, certificates_attendee.pages),
    (organiser, certificates_organiser.pages),
    (public, network_public.pages),
    (attendee, network_attendee.pages),
    (organiser, network_organiser.pages),
    (attendee, reports_attendee.pages),
    (organiser, reports_organiser),
    (public, writeups_public),
    (attendee, writeups_attendee.pages),
    (team, writeups_team.pages),
    (organiser, writeups_organiser),
)

JOBS: tuple[ModuleType, ...] = (
    certificate_jobs,
    network_jobs,
    groupwork_jobs,
    people_jobs,
    poster_jobs,
    questionnaire_jobs,
    registration_jobs,
    report_jobs,
    sample_drawing,
    writeup_jobs,
)
"""Each of these tells the queue its work when it is read."""

for _entrance, _pages in PAGES:
    _entrance.register_blueprint(_pages)

presence_is_told_by(was_seen)
presences_are_told_by(places_come)
tables_are_told_by(number_of_table())
people_are_remembered_by(
    registration_erasing.MEMORY,
    checkin_erasing.MEMORY,
    posters_erasing.MEMORY,
    questionnaires_taking_back.MEMORY,
    groupwork_erasing.MEMORY,
    writeups_erasing.MEMORY,
    network_forgetting.MEMORY,
    certificates_erasing.MEMORY,
)


def register(app: Flask) -> None:
    """Open the entrances, with every room's pages behind them."""
    for entrance in ENTRANCES:
        app.register_blueprint(entrance)
