"""What visitors of the sample's marketplace leave at its posters; every word is made up."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from app.events.models import Event
from app.kernel.actor import Actor
from app.plumbing.database import db, insert_new
from app.posters.actions.asking import Asked, answer, ask
from app.posters.actions.reflecting import Reflected, reflect
from app.posters.actions.signalling import give_signal
from app.posters.actions.standing_by import come_to_stand
from app.posters.actions.voting import cast
from app.posters.actions.writing import Author
from app.posters.models import Poster
from app.posters.queries.posters import marketplace_of, posters_at, usual_marketplace, visibility_of
from app.posters.queries.signalling import Giver
from app.posters.queries.voting import own_teams
from app.posters.rules import Aspect, Attribution, SignalKind, Visibility
from app.registration.models import Registration
from app.registration.queries import has_come, registrations_of
from app.web.sample.cast import GWEN, JO, JON, SIAN

VOTING = (timedelta(hours=3), timedelta(hours=3, minutes=45))
"""From half past twelve to a quarter past one, after the summit's start."""

NAMED, TEAM, ANONYMOUS = Attribution.NAMED, Attribution.TEAM, Attribution.ANONYMOUS
PROJECT, CHANGES, DATA = Aspect.PROJECT, Aspect.CHANGES, Aspect.DATA
USE, MORE, MEASURED = SignalKind.COULD_USE, SignalKind.TELL_ME_MORE, SignalKind.WELL_MEASURED


@dataclass(frozen=True)
class Said:
    """A question, and the team's answer if it has given one."""

    asker: str
    text: str
    answer: str = ""
    answered_by: str = ""
    is_named: bool = True


@dataclass(frozen=True)
class Left:
    """A reflection: by whom, with what beside it, on which aspects."""

    author: str
    attribution: Attribution
    texts: dict[Aspect, str]
    may_quote: bool = False


@dataclass(frozen=True)
class AtStand:
    """What visitors leave at one poster."""

    questions: tuple[Said, ...] = ()
    reflections: tuple[Left, ...] = ()
    signals: dict[str, tuple[SignalKind, ...]] = field(default_factory=dict)
    there: str = ""


STANDS = {
    "Old Mill Surgery": AtStand(
        questions=(
            Said(
                GWEN,
                "How did you keep the same-day slots free on Mondays?",
                "We hold back four until 11, and the nurse practitioner releases them.",
                "Megan Shaw",
            ),
            Said("Dr Leila Haddad", "Did continuity suffer for people with long-term conditions?"),
            Said(
                "Callum Reid",
                "What did you stop doing to make room for this?",
                is_named=False,
            ),
        ),
        reflections=(
            Left(
                "Dr Owen Hughes",
                NAMED,
                {
                    PROJECT: "The clearest aim of the day: how much, by when, for whom.",
                    DATA: "Twenty-four weeks and the changes marked. I believe this chart.",
                },
                may_quote=True,
            ),
            Left("Ffion Morgan", TEAM, {CHANGES: "We tried the tool box and stopped. Ring me."}),
            Left("Zoe Carter", ANONYMOUS, {DATA: "I missed a balancing measure: did staff cope?"}),
        ),
        signals={GWEN: (USE, MORE), "Dr Leila Haddad": (MEASURED,), "Mark Ellis": (USE,)},
        there="Megan",
    ),
    "Riverside Surgery": AtStand(
        questions=(
            Said(
                JON,
                "Who covers the desk while two of you are on the phones?",
                "Our care navigator, from 8 to 9.30. We tried it for a week before we kept it.",
                "Ruth Adeleke",
            ),
            Said(JO, "Do older patients use the text for repeat prescriptions?"),
        ),
        reflections=(
            Left("Dr Fiona Grant", NAMED, {CHANGES: "The board on the wall is simple and brave."}),
            Left(
                "Tariq Aziz",
                ANONYMOUS,
                {PROJECT: "I will show this to our partners."},
                may_quote=True,
            ),
        ),
        signals={"Tariq Aziz": (USE,), JON: (USE,), "Aisha Begum": (MEASURED,)},
    ),
    "Hill Top Practice": AtStand(
        questions=(Said("Keith Barlow", "Could one pharmacist do this for two practices?"),),
        reflections=(
            Left(SIAN, NAMED, {CHANGES: "The red tray! We start on Monday."}, may_quote=True),
        ),
        signals={"Keith Barlow": (MORE,), "Grace Lin": (USE,)},
    ),
    "The Limes": AtStand(
        reflections=(
            Left("Victor Mensah", TEAM, {DATA: "Show the weeks before the change as well."}),
        ),
        signals={"Victor Mensah": (USE,)},
    ),
}
VOTES = (
    "Old Mill Surgery",
    "Riverside Surgery",
    "Hill Top Practice",
    "Riverside Surgery",
    "Old Mill Surgery",
    "Canal Street Medical Centre",
)


def leave_voices(summit: Event, *, at: datetime) -> None:
    """Let visitors ask, reflect and vote at the marketplace, between noon and now."""
    if insert_new(usual_marketplace(summit)):
        db.session.flush()
    market = marketplace_of(summit)
    opens, closes = VOTING
    market.ballot_opens_at, market.ballot_closes_at = (
        summit.starts_at + opens,
        summit.starts_at + closes,
    )
    if market.opens_at <= at:  # soon after midnight the summit has begun the day before
        market.opens_at = min(market.opens_at, summit.check_in_opens_at)
    db.session.flush()
    places = {row.person.name: row for row in registrations_of(summit) if has_come(row)}
    up = [poster for poster in posters_at(summit).values() if _takes_words(poster, at=at)]
    posters = {poster.team.name: poster for poster in up}
    noon = summit.starts_at + timedelta(hours=2, minutes=40)
    for name, stand in STANDS.items():
        if name in posters:
            _visit(posters[name], stand, places, noon=noon, at=at)
    _vote(posters, places, at=at - timedelta(minutes=8))


def _takes_words(poster: Poster, *, at: datetime) -> bool:
    """Say whether visitors can write there: whoever tries the sample may have hidden a poster."""
    market = marketplace_of(poster.event)
    is_shown = visibility_of(poster, market, at=at) is not Visibility.TEAM
    return is_shown and market.takes_feedback and poster.takes_feedback


def _visit(
    poster: Poster, stand: AtStand, places: dict[str, Registration], *, noon: datetime, at: datetime
) -> None:
    team = Actor("team", poster.team_id, poster.team.name)
    questions = [said for said in stand.questions if said.asker in places]
    for order, said in enumerate(questions):
        asked_at = noon + timedelta(minutes=11 * order)
        asked = Asked(text=said.text, is_named=said.is_named, form_id=_id(poster, said.text))
        question = ask(poster, asked, _author(places, said.asker), at=asked_at)
        db.session.flush()
        if said.answer:
            answered_at = asked_at + timedelta(minutes=6)
            answer(question, said.answer, answered_by=said.answered_by, by=team, at=answered_at)
    reflections = [left for left in stand.reflections if left.author in places]
    for order, left in enumerate(reflections):
        reflected = Reflected(
            texts=left.texts,
            attribution=left.attribution,
            may_quote=left.may_quote,
            form_id=_id(poster, left.author),
        )
        written_at = noon + timedelta(minutes=7 * order + 3)
        reflect(poster, reflected, _author(places, left.author), at=written_at)
    for name in stand.signals.keys() & places.keys():
        giver = Giver(person=places[name].person)
        for kind in stand.signals[name]:
            give_signal(poster, kind, giver, agrees_to_contact=kind is not MEASURED, at=noon)
    if stand.there:
        come_to_stand(poster, stand.there, at=at - timedelta(minutes=25))


def _vote(posters: dict[str, Poster], places: dict[str, Registration], *, at: datetime) -> None:
    """Let most who are here vote; Siân and those who come late have not yet."""
    voters = [row for name, row in sorted(places.items()) if name != SIAN]
    for order, voter in enumerate(voters[:24]):
        own = own_teams(voter)
        wanted = [VOTES[(order + step) % len(VOTES)] for step in range(len(VOTES))]
        chosen = next(
            (posters[n] for n in wanted if n in posters and posters[n].team_id not in own), None
        )
        if chosen is not None:
            cast(chosen, voter, at=at)


def _author(places: dict[str, Registration], name: str) -> Author:
    return Author(person=places[name].person)


def _id(poster: Poster, what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{poster.id}/{what}")
