import io
from datetime import timedelta

from app.kernel.clock import now
from app.plumbing.database import db
from app.plumbing.files import file_content
from app.plumbing.mail import Letter
from app.plumbing.queue import run_due
from app.posters.actions.preparing import picture_key
from app.posters.models import Poster, PosterVersion
from app.posters.rules import VersionState
from tests.factories.posters import a_team_token
from tests.posters.conftest import AT
from tests.posters.files import a_pdf, a_picture
from tests.visitor import Page, Visitor


def send_file(visitor: Visitor, content: bytes, name: str = "poster.pdf"):
    page = visitor.open("/team/file")
    return upload(visitor, page, content, name)


def upload(visitor: Visitor, page: Page, content: bytes, name: str = "poster.pdf") -> Page:
    """Send the form of a page with a file in it."""
    (form,) = [form for form in page.forms if "file" in form.names]
    values = {name: value[0] for name, value in form.values.items() if name != "file"}
    return visitor.send("/team/file", data={**values, "file": (io.BytesIO(content), name)})


def versions() -> list[PosterVersion]:
    db.session.rollback()
    return list(db.session.query(PosterVersion).order_by(PosterVersion.number))


def test_a_team_comes_in_by_its_mailed_link(app, organiser, visitor, team, sian, summit):
    page = organiser.open(f"/organise/together/events/summit/posters/{team.slug}")
    organiser.submit(page, page.response.request.path, action="/mailed-link")

    letter = db.session.query(Letter).one()
    assert letter.to_name == "Siân O'Connor"
    (link,) = [word for word in letter.text.split() if "/t/" in word]
    page = visitor.open(link)
    assert page.text.count("Open our poster page") == 1
    page = visitor.submit(page, link)
    assert "Our poster" in page.text
    assert "Not handed in yet" in page.text


def test_a_link_that_was_switched_off_opens_nothing(organiser, visitor, poster, team, clock):
    token = a_team_token(poster, at=AT)
    page = organiser.open(f"/organise/together/events/summit/posters/{team.slug}")
    organiser.submit(page, "", action="/links/ending")

    assert visitor.open(f"/t/{token}").status == 410


def test_a_phone_that_was_in_is_out_when_its_link_is_switched_off(
    organiser, at_the_stand, poster, team
):
    assert at_the_stand.open("/team/").status == 200
    page = organiser.open(f"/organise/together/events/summit/posters/{team.slug}")
    organiser.submit(page, "", action="/links/ending")

    page = at_the_stand.open("/team/")
    assert page.status == 401
    assert "Open your team's link" in page.text


def test_a_team_uploads_its_poster_and_sees_it(at_the_stand, poster):
    page = send_file(at_the_stand, a_pdf())
    assert "Your poster has arrived." in page.text
    assert "We are making the pictures of your poster" in page.text

    run_due(now)

    page = at_the_stand.open("/team/")
    assert "Handed in" in page.text
    (version,) = versions()
    assert version.state is VersionState.READY
    small = file_content(picture_key(version, "small"))
    assert small is not None and len(small) <= 300_000
    picture = at_the_stand.open(f"/p/{poster.code}/1/small")
    assert picture.response.mimetype == "image/webp"
    assert picture.response.data == small


def test_a_poster_is_replaced_and_the_earlier_file_is_kept(at_the_stand, poster):
    send_file(at_the_stand, a_pdf(words="First"))
    run_due(now)
    send_file(at_the_stand, a_picture("JPEG"), "poster.jpg")
    run_due(now)

    page = at_the_stand.open("/team/")

    assert "Version 2" in page.text and "Version 1" in page.text
    assert at_the_stand.open(f"/p/{poster.code}/1/original").response.mimetype == "application/pdf"
    assert at_the_stand.open(f"/p/{poster.code}/2/original").response.mimetype == "image/jpeg"


def test_the_same_file_twice_is_one_version(at_the_stand, poster):
    send_file(at_the_stand, a_pdf())
    send_file(at_the_stand, a_pdf())

    assert [version.number for version in versions()] == [1]


def test_after_the_deadline_nothing_is_uploaded_and_words_may_be_bettered(
    at_the_stand, poster, clock
):
    page = at_the_stand.open("/team/file")
    clock.shift(timedelta(hours=2))

    late = upload(at_the_stand, page, a_pdf())

    assert late.status == 409
    assert "Posters could be handed in until 11 am on 26 March." in late.text
    assert versions() == []
    page = at_the_stand.fill_in("/team/summary", aim="Answer within three rings.")
    assert "1 of 4 parts" in page.text


def test_a_team_chooses_who_sees_its_poster(at_the_stand, visitor, poster):
    assert visitor.open(f"/p/{poster.code}").status == 401

    at_the_stand.fill_in("/team/visibility", visibility="public")

    assert visitor.open(f"/p/{poster.code}").status == 200


def test_a_team_takes_its_poster_back_and_hands_it_in_again(at_the_stand, attendee, poster):
    send_file(at_the_stand, a_pdf())
    run_due(now)
    page = at_the_stand.open("/team/withdrawal")
    page = at_the_stand.submit(page, "", action="/withdrawal")
    assert "Not handed in yet" in page.text
    assert attendee.open(f"/p/{poster.code}").status == 404

    send_file(at_the_stand, a_pdf())
    run_due(now)

    assert attendee.open(f"/p/{poster.code}").status == 200


def test_leaving_forgets_the_team(at_the_stand, poster):
    page = at_the_stand.open("/team/")
    (form,) = [form for form in page.forms if form.action == "/team/leaving"]
    at_the_stand.send(form.action, data=form.values)

    assert at_the_stand.open("/team/").status == 401


def test_words_that_are_too_long_are_refused_and_kept(at_the_stand, poster):
    page = at_the_stand.fill_in("/team/summary", findings="x" * 10_000)

    assert page.status == 422
    assert "Shorten this to 1500 characters or fewer." in page.text
    assert "x" * 10_000 in page.html
    db.session.rollback()
    assert db.session.query(Poster).one().findings == ""
