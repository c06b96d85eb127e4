"""The sample's network: three members, a question to a team, and one who asks for contact details."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.checkin.rules.codes import ReadCode
from app.network.actions.asking import ask_team
from app.network.actions.exchanging import ask_for_contact
from app.network.actions.joining import Shown, join, show
from app.people.models import Person
from app.programmes.models import Programme
from app.programmes.queries import teams_of
from app.registration.queries import live_code
from app.web.sample.cast import GWEN, JO, JON, SIAN

ASKED_TEAM = "Old Mill Surgery"
QUESTION = (
    "Your same-day appointments have lasted for eleven weeks. How did you bring the whole team "
    "along, and may two of us come and watch a morning?"
)
SHOWN: Mapping[str, Shown] = {
    GWEN: Shown(
        team=True,
        role=True,
        email=True,
        about="I look after our front desk. Ask me how we sort repeat prescriptions.",
        topics=["Repeat prescriptions", "Front desk"],
        gets_digest=True,
    ),
    JON: Shown(
        team=True, role=False, email=False, about="", topics=["Front desk"], gets_digest=True
    ),
    JO: Shown(
        team=True,
        role=True,
        email=False,
        about="New to run charts, and glad to compare ours with yours.",
        topics=["Run charts"],
        gets_digest=False,
    ),
}


def keep_in_touch(programme: Programme, people: Mapping[str, Person], *, at: datetime) -> None:
    """Let three people join, one of them ask a team, and ask the attendee of the story for her details."""
    for days, (name, shown) in enumerate(SHOWN.items(), 3):
        joined_at = at - timedelta(days=days)
        join(programme, people[name], at=joined_at)
        show(programme, people[name], shown, at=joined_at)
    team = next(team for team in teams_of(programme) if team.name == ASKED_TEAM)
    ask_team(team, people[GWEN], QUESTION, gives_address=True, at=at - timedelta(days=2))
    badge = live_code(people[SIAN].id, programme.id)
    assert badge is not None, "who is booked has a badge"
    ask_for_contact(ReadCode(badge.short_code, is_short=True), people[GWEN], at=at)
