"""The pages from which the product itself is kept running: mail, later work, health."""

import base64
import re
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select, text

from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.text import counted
from app.plumbing.audit import record
from app.plumbing.browser import page_asked
from app.plumbing.database import db, transaction
from app.plumbing.mail import Enclosure, Letter, LetterState, enclosures_of, mail_settings
from app.plumbing.pdf import drawing_is_fast
from app.plumbing.queue import Job, cancel, try_again
from app.programmes.models import Programme
from app.programmes.queries import Staff
from app.reports.queries.overview import oldest_waiting_letter
from app.reports.rules.checks import Check, Found, outbox_check, space_check
from app.web.version import VERSION

pages = Blueprint("house", __name__)

PAGE_SIZE = 50

# What a letter's own HTML may do in its frame: nothing but show itself and open links elsewhere.
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)

STATE_WORDS = {
    LetterState.QUEUED: ("Waiting", "warn"),
    LetterState.ACCEPTED: ("Sent", "good"),
    LetterState.KEPT: ("Kept here", "brand"),
    LetterState.REFUSED: ("Came back", "bad"),
}

JOB_WORDS = {
    "mail.deliver": "Send a letter",
    "certificates.draw": "Draw a certificate",
    "certificates.print_file": "Lay out certificates for the printer",
    "certificates.note_withdrawal": "Note a withdrawn certificate, beside the database",
    "certificates.set_usual_rules": "Give a new programme its usual rules",
    "certificates.tell_recipient": "Write to who holds a certificate",
    "certificates.try_designs": "Try the certificate designs",
    "network.forget": "Forget what teams were asked in the network",
    "network.send_digest": "Begin the monthly digest of the network",
    "network.write_digest": "Write somebody the digest of the network",
    "groupwork.ask_after": "Ask what became of an agreement",
    "groupwork.forget": "Forget who did what in group work",
    "groupwork.develop": "Make the picture of a flip chart",
    "groupwork.send_harvest": "Send what a session found and agreed",
    "people.note_erasure": "Note who was erased, beside the database",
    "people.forget_new_address": "Forget the address to which a code went",
    "people.send_link": "Send a link to somebody's own pages",
    "posters.draw_cards": "Draw the cards of all stands",
    "posters.draw_report": "Draw what visitors told a team",
    "posters.forget_addresses": "Forget the addresses left at a poster",
    "posters.prepare": "Make the pictures of a poster",
    "questionnaires.close": "Close a skills round and publish its figures",
    "questionnaires.forget": "Forget the answers of a skills round",
    "questionnaires.forget_feedback": "Forget what people said about an event",
    "questionnaires.remind": "Remind people of a skills questionnaire",
    "registration.forget_list": "Forget an uploaded list",
    "registration.purge_care_needs": "Delete dietary and access needs",
    "registration.remind_unanswered": "Remind people without an answer",
    "registration.send_invitations": "Send invitations",
    "registration.tell_of_cancellation": "Tell everybody that an event is cancelled",
    "registration.tell_of_change": "Tell everybody of a new time or place",
    "reports.make_commissioner_report": "Make the report for the commissioner",
    "writeups.drop_picture": "Delete a picture that was taken away",
    "writeups.forget_addresses": "Forget the addresses of those who commented",
    "writeups.forget_refused": "Forget a comment that was not published",
    "writeups.forget_unconfirmed": "Forget a comment without a confirmed address",
    "writeups.prepare_picture": "Make a picture of a write-up",
    "sample.draw_poster": "Draw a poster of the sample programme",
}


def letters_are_kept() -> bool:
    """Say whether letters stay here to be read, because no mail server is set."""
    return mail_settings().smtp_url is None


@pages.get("/mail")
@needs(Permission.RUN_THE_SERVER)
def all_outbox(staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show all mail, the newest first."""
    return _outbox(select(Letter), programme=None)


@pages.get("/<programme_slug>/mail")
@needs(Permission.SEE_OUTBOX)
def outbox(programme: Programme, staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show a programme's mail, the newest first."""
    return _outbox(select(Letter).where(Letter.programme_id == programme.id), programme=programme)


def _outbox(letters: Select[Letter], *, programme: Programme | None) -> str:
    every = letters.subquery()
    counts: Mapping[LetterState, int] = {
        row[0]: row[1]
        for row in db.session.execute(select(every.c.state, func.count()).group_by(every.c.state))
    }
    chosen, sought = request.args.get("state", ""), request.args.get("q", "").strip()
    found = letters
    if chosen in set(LetterState):
        found = found.where(Letter.state == LetterState(chosen))
    if sought:
        found = found.where(
            Letter.to_address.icontains(sought, autoescape=True)
            | Letter.to_name.icontains(sought, autoescape=True)
        )
    page = page_asked(request)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = db.session.scalars(
        found.order_by(Letter.created_at.desc(), Letter.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return render_template(
        "house/organiser/outbox.html",
        programme=programme,
        letters=rows,
        counts=[("", "All", sum(counts.values()))]
        + [(state.value, STATE_WORDS[state][0], counts.get(state, 0)) for state in LetterState],
        chosen=chosen,
        sought=sought,
        page_number=page,
        size=PAGE_SIZE,
        total=total,
        words=STATE_WORDS,
        kept=letters_are_kept(),
    )


@pages.get("/mail/<uuid:letter_id>")
@needs(Permission.RUN_THE_SERVER)
def any_letter(letter_id: UUID, staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show one letter, and its words where letters are kept."""
    return _letter_page(_letter(letter_id), way_back=url_for(".all_outbox"))


@pages.get("/<programme_slug>/mail/<uuid:letter_id>")
@needs(Permission.SEE_OUTBOX)
def letter(programme: Programme, letter_id: UUID, staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show one letter of a programme, and its words where letters are kept."""
    way_back = url_for(".outbox", programme_slug=programme.slug)
    return _letter_page(_letter(letter_id, programme), way_back=way_back)


@pages.get("/mail/<uuid:letter_id>/words")
@needs(Permission.RUN_THE_SERVER)
def any_letter_words(letter_id: UUID, staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show a letter as a mail program does."""
    return _words_of(_letter(letter_id))


@pages.get("/<programme_slug>/mail/<uuid:letter_id>/words")
@needs(Permission.SEE_OUTBOX)
def letter_words(programme: Programme, letter_id: UUID, staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show a letter of a programme as a mail program does."""
    return _words_of(_letter(letter_id, programme))


@pages.get("/mail/<uuid:letter_id>/enclosures/<int:number>")
@needs(Permission.RUN_THE_SERVER)
def any_enclosure(letter_id: UUID, number: int, staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Hand out a file of a letter."""
    return _file_of(_letter(letter_id), number)


@pages.get("/<programme_slug>/mail/<uuid:letter_id>/enclosures/<int:number>")
@needs(Permission.SEE_OUTBOX)
def enclosure(
    programme: Programme,
    letter_id: UUID,
    number: int,
    staff: Staff,  # noqa: ARG001 - handed by the entrance
) -> ResponseReturnValue:
    """Hand out a file of a letter of a programme."""
    return _file_of(_letter(letter_id, programme), number)


def _letter(letter_id: UUID, programme: Programme | None = None) -> Letter:
    found = select(Letter).where(Letter.id == letter_id)
    if programme is not None:
        found = found.where(Letter.programme_id == programme.id)
    return db.session.scalar(found) or abort(404)


def _letter_page(letter: Letter, *, way_back: str) -> str:
    return render_template(
        "house/organiser/letter.html",
        letter=letter,
        state=STATE_WORDS[letter.state],
        kept=letters_are_kept(),
        way_back=way_back,
        files=[
            (number, file.name)
            for number, file in enumerate(enclosures_of(letter))
            if file.cid is None
        ],
    )


def _words_of(letter: Letter) -> Response:
    if not letters_are_kept() or letter.html is None:
        abort(404)
    return Response(
        as_shown(letter.html, enclosures_of(letter)),
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": LETTER_POLICY},
    )


def as_shown(html: str, files: Sequence[Enclosure]) -> str:
    """Return a letter's HTML with its pictures inside and its links leading out of the frame."""
    pictures = {file.cid: file for file in files if file.cid}

    def picture(match: re.Match[str]) -> str:
        file = pictures.get(match[1])
        if file is None:
            return match[0]
        return f"data:{file.content_type};base64,{base64.b64encode(file.content).decode()}"

    shown = re.sub(r"cid:([\w.@-]+)", picture, html)
    return shown.replace("<head>", '<head><base target="_blank">', 1)


def _file_of(letter: Letter, number: int) -> Response:
    files = enclosures_of(letter)
    if not letters_are_kept() or number >= len(files):
        abort(404)
    answer = Response(files[number].content, content_type=files[number].content_type)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers.set("Content-Disposition", "attachment", filename=files[number].name)
    return answer


@pages.get("/jobs")
@needs(Permission.RUN_THE_SERVER)
def jobs(staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show the later work that waits or failed, and why."""
    waiting = (
        select(Job)
        .where(Job.done_at.is_(None), Job.cancelled_at.is_(None))
        .order_by(Job.attempts.desc(), Job.due_at)
        .limit(200)
    )
    return render_template(
        "house/organiser/jobs.html",
        jobs=db.session.scalars(waiting).all(),
        words=JOB_WORDS,
        at=now(),
    )


@pages.post("/jobs/<uuid:job_id>/repeat")
@needs(Permission.RUN_THE_SERVER)
def repeat_job(job_id: UUID, staff: Staff) -> ResponseReturnValue:
    """Let a job that failed run again at once."""
    _change_job(job_id, "repeated", by=staff.actor)
    flash("It is tried again now.", "success")
    return redirect(url_for(".jobs"))


@pages.post("/jobs/<uuid:job_id>/cancellation")
@needs(Permission.RUN_THE_SERVER)
def cancel_job(job_id: UUID, staff: Staff) -> ResponseReturnValue:
    """Take a job off the list for good."""
    _change_job(job_id, "cancelled", by=staff.actor)
    flash("It is taken off the list.", "success")
    return redirect(url_for(".jobs"))


def _change_job(job_id: UUID, verb: str, *, by: Actor) -> None:
    """Change a job, and write down who did, unless it is so already: a second press says nothing."""
    with transaction():
        row = db.session.get(Job, job_id, with_for_update=True) or abort(404)
        at = now()
        if row.is_over or (verb == "repeated" and row.attempts == 0 and row.due_at <= at):
            return
        record(verb, row, by=by, at=at, before={"attempts": row.attempts}, after={"name": row.name})
        if verb == "repeated":
            try_again(row, at=at)
        else:
            cancel(row, at=at)


@pages.get("/health")
@needs(Permission.RUN_THE_SERVER)
def health(staff: Staff) -> ResponseReturnValue:  # noqa: ARG001 - handed by the entrance
    """Show how the product itself is doing."""
    at = now()
    waiting_since = oldest_waiting_letter()
    checks = [
        _database(),
        outbox_check(
            at - waiting_since if waiting_since else None, goes_out=not letters_are_kept()
        ),
        _later_work(),
        _drawing(),
        _second_factor(),
        space_check(shutil.disk_usage(current_app.config["DATA_FOLDER"]).free),
    ]
    ways = {"outbox": url_for(".all_outbox"), "jobs": url_for(".jobs")}
    return render_template(
        "house/organiser/health.html",
        checks=checks,
        ways=ways,
        facts_of_the_server=_facts(),
        version=VERSION,
        at=at,
    )


def _database() -> Check:
    db.session.execute(text("SELECT 1"))
    return Check(Found.GOOD, "The database answers")


def _later_work() -> Check:
    open_jobs = select(func.count()).where(Job.done_at.is_(None), Job.cancelled_at.is_(None))
    waiting = db.session.scalar(open_jobs) or 0
    failing = db.session.scalar(open_jobs.where(Job.attempts > 0)) or 0
    if failing:
        words = f"{counted(failing, 'job')} failed and will be tried again"
        return Check(Found.BAD, words, way="jobs", act="See why")
    return Check(Found.GOOD, f"Later work: {counted(waiting, 'job')} waiting", way="jobs")


def _drawing() -> Check:
    if drawing_is_fast():
        return Check(Found.GOOD, "Certificates are drawn at full speed")
    return Check(
        Found.WARN,
        "Certificates are drawn slowly",
        "Install the system library libharfbuzz-subset0 and start again.",
    )


def _second_factor() -> Check:
    if current_app.config["SECURITY_TWO_FACTOR_REQUIRED"]:
        return Check(Found.GOOD, "Staff sign in with a second factor")
    return Check(
        Found.WARN,
        "The second factor is switched off",
        "Right for trying things out. Set HOORAY_SECOND_FACTOR_REQUIRED=yes for real use.",
    )


def _facts() -> Sequence[tuple[str, str]]:
    """Return what somebody asks first when the product misbehaves."""
    if db.engine.dialect.name == "sqlite":
        journal = db.session.scalar(text("PRAGMA journal_mode"))
        synchronous = db.session.scalar(text("PRAGMA synchronous"))
        return [
            ("Database", f"SQLite {sqlite3.sqlite_version}"),
            ("Journal mode", str(journal)),
            ("Synchronous", {0: "off", 1: "normal", 2: "full", 3: "extra"}[synchronous or 0]),
        ]
    return [("Database", f"PostgreSQL {db.session.scalar(text('SHOW server_version'))}")]
