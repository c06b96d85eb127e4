from app.programmes.rules import Role
from tests.factories.posters import a_poster
from tests.factories.programmes import a_member_of_staff, a_team
from tests.posters.papers import codes_in, sizes_of, words_in
from tests.visitor import Visitor

POSTERS = "/organise/together/events/summit/posters"


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


def test_a_card_is_printed_alone(organiser, poster):
    answer = organiser.open(f"{POSTERS}/hill-top-practice/card/a5").response

    assert sizes_of(answer.data) == [(148, 210)]
    assert "Fewer missed calls" in words_in(answer.data)


def test_what_has_no_card_is_not_there(organiser, summit, team):
    assert organiser.open(f"{POSTERS}/cards/a4").status == 404
    assert "No stands yet" in organiser.open(f"{POSTERS}/cards").text
    assert organiser.open(f"{POSTERS}/{team.slug}/card/a4").status == 409
    a_poster(team, summit)
    assert organiser.open(f"{POSTERS}/{team.slug}/card/a3").status == 404


def test_a_facilitator_prints_cards_too(app, summit, poster):
    facilitator = Visitor(app).sign_in(a_member_of_staff(summit.programme, Role.FACILITATOR))

    page = facilitator.open(f"{POSTERS}/cards")

    assert "1 card has no stand number yet." in page.text
    assert "Number the stands" not in page.text
