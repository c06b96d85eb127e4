"""Mail: a letter into the outbox with its reason, later delivered by SMTP or kept to be read here."""

import base64
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

from sqlalchemy import Index, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import now
from app.plumbing.database import Model, db, one_of, short, transaction
from app.plumbing.queue import CannotRunYet, enqueue, hold_back, job

UNTIL_WE_ASK_AGAIN = timedelta(minutes=1)
UNTIL_A_LETTER_IS_TRIED_AGAIN = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=3)
"""Then a letter that no server took counts as refused, and an organiser sees it."""


class LetterState(StrEnum):
    """How far a letter is on its way."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True)
class Enclosure:
    """A file in a letter; one with a `cid` is a picture shown inside the HTML part."""

    name: str
    content_type: str
    content: bytes
    cid: str | None = None


@dataclass(frozen=True)
class Words:
    """What a letter says: its subject, its plain text and the same in HTML."""

    subject: str
    text: str
    html: str


class Letter(Model):
    """An e-mail we wrote: to one person, in the words of that moment."""

    __tablename__ = "letter"

    to_name: Mapped[str]
    to_address: Mapped[str] = mapped_column(short(320))
    subject: Mapped[str]
    text: Mapped[str | None]
    html: Mapped[str | None]
    enclosures: Mapped[list[Any]]
    message_id: Mapped[str] = mapped_column(short(120), unique=True)
    state: Mapped[LetterState] = mapped_column(one_of(LetterState), default=LetterState.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    about: Mapped[str] = mapped_column(short(80))
    programme_id: Mapped[UUID | None]
    leave_url: Mapped[str | None]

    __table_args__ = (
        Index("ix_letter_about", "about", "created_at"),
        Index("ix_letter_programme", "programme_id", "created_at"),
        Index("ix_letter_address", "to_address", "created_at"),
        Index("ix_letter_state", "state", "created_at"),
        Index("ix_letter_created", "created_at"),
    )


class CannotWrite(ValueError):
    """A name, address or subject that must not stand in a header."""


@dataclass(frozen=True)
class MailSettings:
    """Where letters go: an SMTP server as a URL, or nowhere (they are kept to be read here)."""

    smtp_url: str | None
    sender: str
    sender_name: str


_settings: list[MailSettings] = []


def set_up_mail(settings: MailSettings) -> None:
    """Say once, at start-up, where letters go."""
    _settings[:] = [settings]


def mail_settings() -> MailSettings:
    """Return where letters go."""
    return _settings[0]


def post(  # noqa: PLR0913 - a letter has that many parts
    words: Words,
    *,
    to_name: str,
    to_address: str,
    at: datetime,
    about: str,
    programme_id: UUID | None = None,
    enclosures: Sequence[Enclosure] = (),
    leave_url: str | None = None,
) -> Letter:
    """Put a letter into the outbox, with the job that delivers it.

    `about` names what it is about, such as `certificate:<id>`, so that its state can be shown there.
    `leave_url` is where a mail program ends letters like this one when its reader presses a button.
    Raises CannotWrite when a line break or other control stands where a header would break.
    """
    for value in (to_name, to_address, words.subject):
        _refuse_controls(value)
    domain = mail_settings().sender.rpartition("@")[2]
    letter = Letter(
        id=uuid4(),
        to_name=to_name,
        to_address=to_address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        enclosures=[_packed(enclosure) for enclosure in enclosures],
        message_id=f"<{uuid4().hex}@{domain}>",
        created_at=at,
        about=about,
        programme_id=programme_id,
        leave_url=leave_url,
    )
    db.session.add(letter)
    enqueue("mail.deliver", due_at=at, letter_id=str(letter.id))
    return letter


def enclosures_of(letter: Letter) -> list[Enclosure]:
    """Return the files in a letter."""
    return [_unpacked(packed) for packed in letter.enclosures]


def letters_about(*abouts: str) -> dict[str, Letter]:
    """Return the newest letter about each of these things, in one query."""
    rows = db.session.scalars(
        select(Letter).where(Letter.about.in_(abouts)).order_by(Letter.created_at)
    )
    return {letter.about: letter for letter in rows}


def forget_letters_about(name: str, address: str | None) -> None:
    """Delete every letter to an address, and empty those to others that name its owner.

    One that waits is not sent any more. A name of a single word is a word of others' letters too,
    so only the address tells then.
    """
    if address is not None:
        db.session.execute(delete(Letter).where(Letter.to_address == address))
    words = [word for word in (name if " " in name else None, address) if word]
    names_them = or_(
        *(
            part.icontains(word, autoescape=True)
            for word in words
            for part in (Letter.subject, Letter.text, Letter.html, Letter.to_name)
        )
    )
    if words:
        waiting = Letter.state == LetterState.QUEUED
        db.session.execute(delete(Letter).where(names_them, waiting))
        emptied = update(Letter).where(names_them)
        db.session.execute(
            emptied.values(
                subject="Details erased", text=None, html=None, enclosures=[], leave_url=None
            )
        )


def keep_back_waiting_letters(why: str) -> int:
    """Send nothing that waits in the outbox, and say there why; return how many letters that were."""
    waiting = update(Letter).where(Letter.state == LetterState.QUEUED)
    kept = waiting.values(state=LetterState.REFUSED, last_error=why).returning(Letter.id)
    return len(db.session.scalars(kept).all())


@job("mail.deliver")
def deliver(letter_id: str) -> None:
    """Hand one letter to the SMTP server, or keep it readable here when there is none.

    Safe to do twice: a letter that went out is left alone, and one sent again in the moment of a
    crash carries the same Message-ID.
    """
    letter = db.session.get(Letter, UUID(letter_id))
    if letter is None or letter.state is not LetterState.QUEUED:
        return
    settings = mail_settings()
    if settings.smtp_url is None:
        _settle(letter.id, LetterState.KEPT)
        return
    message = as_message(letter, settings)
    db.session.rollback()  # no database transaction stays open while we wait for a mail server
    try:
        with _mail_server(settings.smtp_url) as server:
            server.send_message(message)
    except MailServerAway as away:
        _hold_all_mail(UUID(letter_id), str(away), at=now())
        raise CannotRunYet(UNTIL_WE_ASK_AGAIN) from away
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
        if _is_final(refusal) or now() > letter.created_at + LONGEST_WAIT:
            _settle(UUID(letter_id), LetterState.REFUSED, error=_words(refusal))
            return
        _note(UUID(letter_id), _words(refusal))
        raise CannotRunYet(UNTIL_A_LETTER_IS_TRIED_AGAIN) from refusal
    _settle(UUID(letter_id), LetterState.ACCEPTED)


def _hold_all_mail(letter_id: UUID, words: str, *, at: datetime) -> None:
    """Let all letters wait for a server that is away; the first of them asks for it again."""
    with transaction():
        hold_back("mail.deliver", until=at + UNTIL_WE_ASK_AGAIN)
    _note(letter_id, words)


def _note(letter_id: UUID, error: str) -> None:
    with transaction():
        letter = db.session.get(Letter, letter_id)
        assert letter is not None
        letter.last_error = error


class OneLine(UnstructuredHeader, BaseHeader):
    """A header with an address in it: folded, it would be encoded, and mail programs find no way out."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header on one line, however long."""
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", OneLine)
POLICY = SMTP.clone(header_factory=_headers)


def as_message(letter: Letter, settings: MailSettings) -> EmailMessage:
    """Return the letter as an Internet message (RFC 5322), plain text first, then HTML."""
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    message["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.leave_url:
        _add_the_way_out(message, letter.leave_url)
    message.set_content(letter.text or "")
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for enclosure in map(_unpacked, letter.enclosures):
        _enclose(message, enclosure)
    return message


def _add_the_way_out(message: EmailMessage, leave_url: str) -> None:
    """Let mail programs show a button that ends such letters (RFC 2369), at one press (RFC 8058)."""
    message["List-Unsubscribe"] = f"<{leave_url}>"
    if leave_url.startswith("https:"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _enclose(message: EmailMessage, enclosure: Enclosure) -> None:
    kind, _, subtype = enclosure.content_type.partition("/")
    if enclosure.cid:
        html = message.get_body(("html",))
        assert isinstance(html, EmailMessage)
        html.add_related(
            enclosure.content, kind, subtype, cid=f"<{enclosure.cid}>", filename=enclosure.name
        )
        return
    subtype, *parameters = subtype.split(";")
    extra = dict(parameter.strip().split("=", 1) for parameter in parameters)
    message.add_attachment(
        enclosure.content, kind, subtype, filename=enclosure.name, params=extra or None
    )


class MailServerAway(Exception):
    """The mail server cannot be reached, or takes nothing from us; no letter is to blame."""


@contextmanager
def _mail_server(smtp_url: str) -> Iterator[smtplib.SMTP]:
    """Call the mail server, and hang up afterwards."""
    try:
        server = _called(smtp_url)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway(f"The mail server is away ({type(error).__name__}).") from error
    with server:
        try:
            yield server
        except smtplib.SMTPSenderRefused as refusal:
            raise MailServerAway(f"{refusal.smtp_code} {_decoded(refusal.smtp_error)}") from refusal


def _called(smtp_url: str) -> smtplib.SMTP:
    url = urlsplit(smtp_url)
    secure = url.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    server = kind(url.hostname or "localhost", url.port or (465 if secure else 25), timeout=20)
    try:
        if url.scheme == "smtp+starttls":
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _settle(letter_id: UUID, state: LetterState, *, error: str | None = None) -> None:
    with transaction():
        letter = db.session.get(Letter, letter_id)
        assert letter is not None
        letter.state = state
        letter.last_error = error
        letter.sent_at = now()
        if state is LetterState.ACCEPTED:
            # The words held personal links; once they are on their way we keep only that they went.
            letter.text = letter.html = letter.leave_url = None
            letter.enclosures = []


def _is_final(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> bool:
    if isinstance(refusal, smtplib.SMTPDataError):
        return 500 <= refusal.smtp_code < 600
    return all(500 <= code < 600 for code, _ in refusal.recipients.values())


def _words(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> str:
    if isinstance(refusal, smtplib.SMTPDataError):
        answer = refusal.smtp_error
        return f"{refusal.smtp_code} {_decoded(answer)}"
    return "; ".join(f"{code} {_decoded(answer)}" for code, answer in refusal.recipients.values())


def _decoded(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def _refuse_controls(value: str) -> None:
    if any(ord(c) < 32 or ord(c) == 127 or c in "\u0085\u2028\u2029" for c in value):
        raise CannotWrite("A name, address or subject holds a line break or a control character.")


def _packed(enclosure: Enclosure) -> dict[str, str | None]:
    return {
        "name": enclosure.name,
        "content_type": enclosure.content_type,
        "content": base64.b64encode(enclosure.content).decode(),
        "cid": enclosure.cid,
    }


def _unpacked(packed: dict[str, str]) -> Enclosure:
    return Enclosure(
        name=packed["name"],
        content_type=packed["content_type"],
        content=base64.b64decode(packed["content"]),
        cid=packed.get("cid"),
    )
