"""What we write to whoever holds a certificate: a link, never the file."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.certificates.models import CertificateIssue
from app.certificates.queries.handing_out import about, was_written
from app.certificates.queries.register import replaced_by
from app.certificates.rules import REVOCATION_CATEGORIES, CertificateKind, Holder
from app.people.actions import mint_link
from app.people.models import Person
from app.plumbing.addresses import address_of
from app.plumbing.mail import post
from app.plumbing.stationery import written

LINK_LASTS = timedelta(days=365)


class News(StrEnum):
    """What there is to say about a certificate; each is a letter of its own."""

    ISSUED = "issued"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    REPLACED = "replaced"


LETTERS = {
    News.ISSUED: "certificates/email/issued",
    News.WITHDRAWN: "certificates/email/withdrawn",
    News.RESTORED: "certificates/email/restored",
    News.REPLACED: "certificates/email/replaced",
}

CALLED = {
    CertificateKind.ATTENDANCE: "certificate of attendance",
    CertificateKind.COMPLETION: "certificate of completion",
    CertificateKind.RECOGNITION: "special recognition",
}


def tell(
    issue: CertificateIssue, recipient: Person, *, news: News, since: datetime, at: datetime
) -> None:
    """Write to somebody about a certificate, with a link of their own, unless it was done since."""
    assert recipient.email is not None, "Whoever has no address gets no letter."
    token = mint_link(recipient, at=at, expires_at=at + LINK_LASTS)
    older = replaced_by(issue)
    words = written(
        LETTERS[news],
        issue=issue,
        programme=issue.programme,
        recipient=recipient,
        called=CALLED[issue.kind],
        for_team=issue.fields["recipient"] if issue.holder is Holder.TEAM else "",
        because=REVOCATION_CATEGORIES.get(issue.revocation_category, ""),
        older=older.number if older else "",
        link=address_of("public.certificates.letter", token=token),
        check=address_of("public.certificates.certificate", code=issue.code),
    )
    if was_written(issue, subject=words.subject, since=since):
        return
    post(
        words,
        to_name=recipient.name,
        to_address=recipient.email,
        at=at,
        about=about(issue),
        programme_id=issue.programme_id,
    )
