"""The first draft of a write-up: blocks assembled from the event's own data, each with its own consent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.certificates.models import CertificateIssue
from app.certificates.queries.register import State, Wanted, register_in_full
from app.certificates.rules import CertificateKind, Holder
from app.checkin.models import Attendance
from app.checkin.rules.presence import Presence
from app.events.models import Event
from app.events.queries import events_of
from app.groupwork.models import Agreement
from app.groupwork.queries.agreements import Tally, agreements_of, tally_of
from app.groupwork.queries.sessions import group_work_of, prompts_of
from app.groupwork.queries.themes import board_of
from app.groupwork.rules.agreeing import Outcome, months_later
from app.kernel.clock import london_day
from app.kernel.text import counted, joined
from app.plumbing.database import db
from app.posters.queries.posters import Shown, marketplace_of, shown_at, visibility_of
from app.posters.rules import Visibility
from app.questionnaires.queries.results import closed_rounds, cohort_report
from app.questionnaires.rules.reporting import Report
from app.registration.models import Registration
from app.writeups.models import WriteUp
from app.writeups.queries.naming import mentions_of
from app.writeups.queries.parts import parts_of
from app.writeups.queries.write_ups import write_up_of
from app.writeups.rules.words import figure, in_paragraphs, plain

WAS_THERE = (Presence.PRESENT, Presence.LEFT)
FEWEST = 5
"""Fewer people, or fewer answers, than this are not counted in public."""
SIX_MONTHS, SIX_MONTHS_ON = 6, "six-months-on"


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a first draft: what an editor reads about it, and the Markdown that it would add.

    `notes` say what was left out and why. One without a text has nothing to tell yet.
    """

    key: str
    label: str
    text: str = ""
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to tell."""
        return not self.text


Maker = Callable[[Event, datetime], Block]


def who_came(event: Event, at: datetime) -> Block:
    """Tell how many came, from how many teams; nobody is named."""
    label = "Who came"
    if at < event.starts_at:
        return Block(key="came", label=label, notes=("The event has not begun.",))
    people, teams = db.session.execute(
        select(func.count(), func.count(func.distinct(Registration.team_id)))
        .select_from(Attendance)
        .join(Registration, Registration.id == Attendance.registration_id)
        .where(Attendance.event_id == event.id, Attendance.status.in_(WAS_THERE))
    ).one()
    if people < FEWEST:
        why = f"Fewer than {FEWEST} people are recorded as here, which is too few to tell."
        return Block(key="came", label=label, notes=(why,))
    practices = f" from {counted(teams, 'practice')}" if teams else ""
    venue = f" at {plain(event.venue)}" if event.venue else ""
    text = f"## Who came\n\n{counted(people, 'person', 'people')}{practices} met{venue}."
    return Block(key="came", label=label, text=text)


def skills(event: Event, at: datetime) -> Block:
    """Tell how the skills of the cohort grew, as they are published."""
    report = skills_report(event, at=at)
    label = "How skills grew: the radar chart"
    if report is None:
        return Block(key="skills", label=label, notes=("No figures are published yet.",))
    text = f"## How our skills grew\n\n{figure('skills')}"
    note = "Only figures of the whole cohort, and only where enough people answered."
    return Block(key="skills", label=label, text=text, notes=(note,))


def skills_report(event: Event, *, at: datetime) -> Report | None:
    """Return the figures of the cohort up to an event, as far as they are published."""
    rounds = [
        wave
        for wave in closed_rounds(event.programme)
        if wave.event.starts_at <= event.starts_at and (wave.closed_at or at) <= at
    ]
    report = cohort_report(rounds, of_everybody=False) if rounds else None
    return None if report is None or report.is_empty else report


def posters(event: Event, at: datetime) -> Block:
    """Show the posters that their teams have published to everybody."""
    label = "The posters"
    handed_in = [shown for shown in shown_at(event) if shown.poster.is_handed_in]
    public = public_posters(event, at=at)
    hidden = len(handed_in) - len(public)
    notes = (
        (f"{counted(hidden, 'poster')} left out: not published to everybody by the team.",)
        if hidden
        else ()
    )
    if not public:
        return Block(key="posters", label=label, notes=notes or ("No poster is handed in.",))
    return Block(
        key="posters", label=label, text=f"## The posters\n\n{figure('posters')}", notes=notes
    )


def public_posters(event: Event, *, at: datetime) -> Sequence[Shown]:
    """Return the posters that everybody may see at a moment."""
    market = marketplace_of(event)
    return [
        shown
        for shown in shown_at(event)
        if visibility_of(shown.poster, market, at=at) is Visibility.PUBLIC
    ]


def own_words(event: Event, _at: datetime) -> Block:
    """Pass on what teams have written of themselves; who is named in it is asked first, as everywhere."""
    label = "In the teams' own words"
    parts = parts_of(event)
    if not parts:
        why = "No team has written its part. Teams do so by their own link."
        return Block(key="own-words", label=label, notes=(why,))
    told = "\n\n".join(
        f"### {plain(part.team.name)}\n\n{in_paragraphs(part.text)}" for part in parts
    )
    return Block(key="own-words", label=label, text=f"## In the teams' own words\n\n{told}")


def themes(event: Event, at: datetime) -> Block:
    """Tell which themes the tables found, once what they wrote was shared; no card is quoted."""
    label = "Themes of the group work"
    work = group_work_of(event)
    if work is None or work.shared_at is None or work.shared_at > at:
        why = "Group work has not been shared with those who took part."
        return Block(key="themes", label=label, notes=(why,))
    boards = [(prompt, board_of(prompt)) for prompt in prompts_of(work)]
    told = [(prompt, board.by_dots) for prompt, board in boards if board.sheets]
    if not told:
        return Block(key="themes", label=label, notes=("No theme was named.",))
    parts = [
        f"**{plain(prompt.text)}**\n\n" + "\n".join(f"- {plain(one.theme.name)}" for one in sheets)
        for prompt, sheets in told
    ]
    return Block(key="themes", label=label, text="## What we talked about\n\n" + "\n\n".join(parts))


def agreements(event: Event, at: datetime) -> Block:
    """Tell what was agreed, and what became of it; teams are named, people are not."""
    label = "Agreements"
    work = group_work_of(event)
    made = (
        agreements_of(work) if work is not None and work.shared_at and work.shared_at <= at else ()
    )
    agreed = [one for one in made if one.agreed_at is not None and one.agreed_at <= at]
    silent = len(made) - len(agreed)
    waiting = counted(silent, "agreement")
    notes = (f"{waiting} left out: nobody has said yes to it yet.",) if silent else ()
    if not agreed:
        return Block(
            key="agreements", label=label, notes=notes or ("No agreement has been shared yet.",)
        )
    lines = "\n".join(_agreed_to(one) for one in agreed)
    text = f"## What we agreed\n\n{lines}"
    return Block(key="agreements", label=label, text=text, notes=notes)


def _agreed_to(one: Agreement) -> str:
    became = f": {one.outcome.value.replace('_', ' ')}" if one.outcome is not None else ""
    return f"- {plain(one.text)}{_whose(one)}{became}"


def _whose(one: Agreement) -> str:
    team = one.owner_team or (one.owner.team if one.owner else None)
    return f" ({plain(team.name)})" if team is not None else ""


def six_months_on(event: Event, at: datetime) -> Block:
    """Tell what became of what was agreed, half a year later; teams are named for what they have done."""
    label = "Six months on"
    work = group_work_of(event)
    if work is None or work.shared_at is None or work.shared_at > at:
        return _untold(label, "Group work has not been shared with those who took part.")
    day = months_later(london_day(work.shared_at), SIX_MONTHS)
    if london_day(at) < day:
        return _untold(label, f"Told from {day.day} {day:%B %Y} on: six months after the event.")
    agreed = [one for one in agreements_of(work) if one.agreed_at is not None]
    tally = tally_of(agreed)
    if tally.total - tally.unanswered < FEWEST:
        why = f"Fewer than {FEWEST} agreements have an answer, which is too few to tell."
        return _untold(label, why)
    done = "\n".join(_done(one) for one in agreed if one.outcome is Outcome.DONE)
    text = f"## Six months on\n\n{_became(tally)}" + (f"\n\nDone:\n\n{done}" if done else "")
    note = "What the owners answered last; nobody's own words are quoted."
    return Block(key=SIX_MONTHS_ON, label=label, text=text, notes=(note,))


def _untold(label: str, why: str) -> Block:
    return Block(key=SIX_MONTHS_ON, label=label, notes=(why,))


def _became(tally: Tally) -> str:
    answers = [
        (tally.done, "done"),
        (tally.partly, "partly done"),
        (tally.not_yet, "not done yet"),
        (tally.dropped, "not wanted any more"),
    ]
    told = joined([f"{number} {_are(number)} {word}" for number, word in answers if number])
    silent = f" We have not heard about {tally.unanswered}." if tally.unanswered else ""
    return f"Of {counted(tally.total, 'agreement')}, {told}.{silent}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _done(one: Agreement) -> str:
    return f"- {plain(one.text)}{_whose(one)}"


def recognition(event: Event, at: datetime) -> Block:
    """Tell who was recognised and for what: teams, and people who agreed to be named."""
    label = "Special recognition"
    given = [
        issue
        for issue in register_in_full(
            event.programme, Wanted(kind=CertificateKind.RECOGNITION, state=State.VALID)
        )
        if issue.event_id == event.id and issue.issued_at <= at
    ]
    agreed = _agreed(write_up_of(event))
    told = [issue for issue in given if issue.holder is Holder.TEAM or issue.holder_id in agreed]
    silent = len(given) - len(told)
    people = counted(silent, "person", "people")
    notes = (f"{people} left out: not asked yet, or rather not named.",) if silent else ()
    if not told:
        return Block(
            key="recognition", label=label, notes=notes or ("No award has been given yet.",)
        )
    lines = "\n\n".join(_recognised(issue) for issue in told)
    text = f"## Special recognition\n\n{lines}"
    return Block(key="recognition", label=label, text=text, notes=notes)


def _recognised(issue: CertificateIssue) -> str:
    name, citation = str(issue.fields["recipient"]), str(issue.fields["citation"])
    return f"**{plain(name)}**: {plain(citation)}"


def _agreed(write_up: WriteUp | None) -> frozenset[object]:
    if write_up is None:
        return frozenset()
    return frozenset(key for key, mention in mentions_of(write_up).items() if mention.agrees)


def certificates(event: Event, at: datetime) -> Block:
    """Tell how many completed the programme; nobody is named."""
    label = "Certificates"
    if events_of(event.programme)[-1].id != event.id:
        why = "They are told where the programme ends: in the write-up of its last event."
        return Block(key="certificates", label=label, notes=(why,))
    given = [
        issue
        for issue in register_in_full(
            event.programme, Wanted(kind=CertificateKind.COMPLETION, state=State.VALID)
        )
        if issue.issued_at <= at
    ]
    people = sum(issue.holder is Holder.PERSON for issue in given)
    teams = [issue for issue in given if issue.holder is Holder.TEAM]
    if people < FEWEST and not teams:
        why = f"Fewer than {FEWEST} certificates of completion are issued."
        return Block(key="certificates", label=label, notes=(why,))
    parts = [
        counted(people, "person", "people") if people >= FEWEST else "",
        counted(len(teams), "team") if teams else "",
    ]
    who = " and ".join(part for part in parts if part)
    text = f"## Certificates\n\n{who} completed {plain(event.programme.title)}."
    if teams:
        names = ", ".join(plain(str(issue.fields["recipient"])) for issue in teams)
        text += f" The teams: {names}."
    return Block(key="certificates", label=label, text=text)


# In the order in which a first draft tells them; a room that has something to tell adds its own.
MAKERS: tuple[Maker, ...] = (
    who_came,
    skills,
    posters,
    own_words,
    themes,
    agreements,
    recognition,
    certificates,
    six_months_on,
)


def blocks_of(event: Event, *, at: datetime) -> Sequence[Block]:
    """Return everything that an event's own data could tell, with what is left out."""
    return [make(event, at) for make in MAKERS]
