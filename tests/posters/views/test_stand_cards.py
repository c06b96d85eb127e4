from app.kernel.clock import now
from app.plumbing.database import db, transaction
from app.plumbing.queue import Job, run_due
from app.posters.actions.printing_cards import note_cards_problem
from app.posters.models import CardFile, Poster
from app.programmes.rules import Role
from tests.factories.posters import a_poster
from tests.factories.programmes import a_member_of_staff, a_team
from tests.posters.papers import codes_in, sizes_of, words_in
from tests.visitor import Visitor

POSTERS = "/organise/together/events/summit/posters"


def make(organiser, size):
    cards = f"{POSTERS}/cards"
    return organiser.submit(organiser.open(cards), cards, action=f"/cards/{size}")


def test_all_cards_are_one_file_in_the_order_of_the_stands(organiser, summit):
    codes = [
        a_poster(a_team(summit.programme, name), summit, stand=stand, **facts).code
        for name, stand, facts in (
            ("Riverside", 3, {}),
            ("Old Mill", 1, {}),
            ("Not handed in", 2, {"submitted_at": None}),
        )
    ]
    a_poster(a_team(summit.programme, "No stand"), summit, submitted_at=None)

    page = organiser.open(f"{POSTERS}/cards")
    make(organiser, "a4")
    run_due(now)
    answer = organiser.open(f"{POSTERS}/cards/a4").response

    assert [text for text, _ in page.links() if text.startswith("A4 card of")] == [
        "A4 card of Old Mill",
        "A4 card of Not handed in",
        "A4 card of Riverside",
    ]
    assert answer.mimetype == "application/pdf"
    order = [codes[1], codes[2], codes[0]]
    assert [codes_in(answer.data, number) for number in range(3)] == [
        [f"HTTP://LOCALHOST/P/{code}"] for code in order
    ]


def test_cards_are_made_once_and_again_when_one_has_changed(organiser, poster):
    assert "Open all on A5" not in organiser.open(f"{POSTERS}/cards").text
    assert organiser.open(f"{POSTERS}/cards/a5").status == 409
    assert "Making the cards on A5" in make(organiser, "a5").text
    make(organiser, "a5")
    assert db.session.query(Job).filter_by(name="posters.draw_cards").count() == 1

    run_due(now)
    page = organiser.open(f"{POSTERS}/cards")
    assert "Open all on A5 to print" in page.text and "has changed since" not in page.text
    make(organiser, "a5")
    assert db.session.query(Job).filter_by(name="posters.draw_cards").count() == 1

    with transaction():
        db.session.get_one(Poster, poster.id).title = "No more missed calls"
    assert "has changed since" in organiser.open(f"{POSTERS}/cards").text
    make(organiser, "a5")
    run_due(now)
    assert "No more missed calls" in words_in(organiser.open(f"{POSTERS}/cards/a5").response.data)


def test_cards_that_cannot_be_drawn_say_so_and_are_asked_for_again(organiser, poster):
    make(organiser, "a4")
    with transaction():
        note_cards_problem(db.session.query(CardFile).one(), "No room on the disk.", at=now())
    assert "No room on the disk." in organiser.open(f"{POSTERS}/cards").text

    assert "Making the cards on A4" in make(organiser, "a4").text


def test_a_card_is_printed_alone(organiser, poster):
    answer = organiser.open(f"{POSTERS}/hill-top-practice/card/a5").response

    assert sizes_of(answer.data) == [(148, 210)]
    assert "Fewer missed calls" in words_in(answer.data)


def test_what_has_no_card_is_not_there(organiser, summit, team):
    assert organiser.open(f"{POSTERS}/cards/a4").status == 409
    assert "No stands yet" in organiser.open(f"{POSTERS}/cards").text
    assert organiser.open(f"{POSTERS}/{team.slug}/card/a4").status == 409
    a_poster(team, summit)
    assert organiser.open(f"{POSTERS}/{team.slug}/card/a3").status == 404


def test_a_facilitator_prints_cards_too(app, summit, poster):
    facilitator = Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.FACILITATOR))

    page = facilitator.open(f"{POSTERS}/cards")

    assert "1 card has no stand number yet." in page.text
    assert "Number the stands" not in page.text
