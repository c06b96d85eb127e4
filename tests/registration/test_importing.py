from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.plumbing.spreadsheets import Row, csv_export, read_table
from app.registration.rules.columns import (
    Field,
    guess_columns,
    recognised_source,
    what_is_missing,
)
from app.registration.rules.importing import (
    KnownPerson,
    Outcome,
    judge_rows,
    rejected_table,
)

FILES = Path(__file__).parent / "files"
TEAMS = {
    name: UUID(int=number)
    for number, name in enumerate(
        [
            "Riverside Surgery",
            "Hill Top Practice",
            "Canal Street Medical Centre",
            "Old Mill Surgery",
            "Parkgate Practice",
            "The Limes",
            "Station Road Surgery",
            "Whitworth Health Centre",
        ],
        start=1,
    )
}
TEAM_NAMES = {team_id: name for name, team_id in TEAMS.items()}
SIAN = KnownPerson(UUID(int=100), "Siân O'Connor")
SIMPLE = {Field.FULL_NAME: 0, Field.EMAIL: 1, Field.TEAM: 2}


def table_of(filename):
    return read_table((FILES / filename).read_bytes(), filename=filename)


def guessed(table):
    return guess_columns(table.headers, [row.cells for row in table.rows])


def judged(rows, columns, *, known=(), registered=(), declined=()):
    return judge_rows(
        rows,
        columns,
        known_emails=dict(known),
        registered_emails=set(registered),
        declined_emails=set(declined),
        teams=TEAMS,
    )


def the_verdict(*cells, columns=SIMPLE, **known):
    (verdict,) = judged([Row(2, cells)], columns, **known)
    return verdict


# Journey 1, step 4


@pytest.fixture
def people():
    table = table_of("people.csv")
    known = {"sian.oconnor@riverside.example": SIAN}
    return table, judged(table.rows, guessed(table), known=known)


def test_the_list_of_journey_1_gets_a_verdict_for_every_row(people):
    table, verdicts = people

    assert len(table.rows) == 42
    assert Counter(verdict.outcome for verdict in verdicts) == {
        Outcome.NEW: 39,
        Outcome.KNOWN: 1,
        Outcome.DUPLICATE: 1,
        Outcome.INVALID: 1,
    }


def test_the_list_of_journey_1_says_which_rows_need_fixing_and_why(people):
    table, verdicts = people

    header, rows = rejected_table(table.headers, verdicts)

    assert header == (
        "Name",
        "E-mail address",
        "Practice",
        "Role",
        "Name on certificate",
        "Reason",
    )
    assert rows == (
        (
            "Tunde Okafor",
            "tunde.okafor.oldmill.example",
            "Old Mill Surgery",
            "GP partner",
            "",
            "“tunde.okafor.oldmill.example” is not an e-mail address: it has no @.",
        ),
        (
            "Price, Gwen",
            "GWEN.PRICE@hilltop.example",
            "Hill Top Practice",
            "Practice manager",
            "",
            "Row 7 has the same e-mail address.",
        ),
    )
    assert [v.number for v in verdicts if v.outcome is Outcome.INVALID] == [17]


def test_the_list_of_journey_1_links_the_member_and_keeps_every_letter(people):
    _, verdicts = people

    (linked,) = [verdict for verdict in verdicts if verdict.outcome is Outcome.KNOWN]
    assert (linked.number, linked.person) == (2, SIAN)
    assert linked.invitee.email == "sian.oconnor@riverside.example"
    assert linked.invitee.certificate_name == "Dr Siân O'Connor"
    assert "Łukasz Wójcik" in [verdict.invitee.name for verdict in verdicts if verdict.invitee]
    assert all(verdict.invitee.team_id for verdict in verdicts if verdict.invitee)


def test_the_list_of_journey_1_run_again_brings_nobody(people):
    table, verdicts = people
    invited = {v.invitee.email for v in verdicts if v.outcome in {Outcome.NEW, Outcome.KNOWN}}

    again = judged(table.rows, guessed(table), registered=invited)

    assert Counter(verdict.outcome for verdict in again) == {
        Outcome.REGISTERED: 40,
        Outcome.DUPLICATE: 1,
        Outcome.INVALID: 1,
    }


def test_rejected_rows_that_were_corrected_read_back_as_people(people):
    table, verdicts = people
    header, rows = rejected_table(table.headers, verdicts)
    corrected = csv_export(header, rows).replace(b"okafor.oldmill", b"okafor@oldmill")

    again = read_table(corrected, filename="fixed.csv")
    verdicts = judged(again.rows, guessed(again))

    assert [verdict.outcome for verdict in verdicts] == [Outcome.NEW, Outcome.NEW]
    assert rejected_table(again.headers, verdicts)[0] == header


# Where lists come from


@pytest.mark.parametrize(
    ("filename", "source", "people"),
    [
        (
            "excel-british.csv",
            None,
            [
                ("Renée Dubois", "Canal Street Medical Centre", "GP"),
                ("José Núñez", "Old Mill Surgery", "Pharmacist, part-time"),
                ("Søren Kjær", "Station Road Surgery", "GP – Tuesdays"),
                ("Ed O’Dowd", "The Limes", "Receptionist"),
            ],
        ),
        (
            "excel-british-utf-8.csv",
            None,
            [
                ("Renée Dubois", "Canal Street Medical Centre", "GP"),
                ("José Núñez", "Old Mill Surgery", "Pharmacist, part-time"),
                ("Søren Kjær", "Station Road Surgery", "GP – Tuesdays"),
                ("Ed O’Dowd", "The Limes", "Receptionist"),
                ("Łukasz Wójcik", "Canal Street Medical Centre", ""),
            ],
        ),
        (
            "excel-unicode-text.txt",
            None,
            [
                ("Renée Dubois", "Canal Street Medical Centre", "GP"),
                ("José Núñez", "Old Mill Surgery", "Pharmacist, part-time"),
                ("Søren Kjær", "Station Road Surgery", "GP – Tuesdays"),
                ("Ed O’Dowd", "The Limes", "Receptionist"),
                ("Łukasz Wójcik", "Canal Street Medical Centre", 'says "Luke"'),
            ],
        ),
        (
            "excel-continental.csv",
            None,
            [("Jörg Müller", "Hill Top Practice", ""), ("Anaïs Weiß", "Parkgate Practice", "")],
        ),
        (
            "excel-central-european.csv",
            None,
            [
                ("Łukasz Wójcik", "Canal Street Medical Centre", ""),
                ("Małgorzata Żak", "Whitworth Health Centre", ""),
            ],
        ),
        (
            "excel.xlsx",
            None,
            [
                ("Renée Dubois", "Canal Street Medical Centre", ""),
                ("Łukasz Wójcik", "Canal Street Medical Centre", ""),
            ],
        ),
        (
            "eventbrite.csv",
            "an Eventbrite attendee report",
            [
                ("Gwen Price", "Hill Top Practice", "Practice manager"),
                ("Siân O'Connor", "Riverside Surgery", "GP, partner"),
                ("Iris Webb", "The Limes", "Receptionist"),
            ],
        ),
        (
            "pretix.csv",
            "a pretix order list",
            [
                ("Dr Siân O'Connor", "Riverside Surgery", ""),
                ("Dr Jon Bell", "Hill Top Practice", ""),
            ],
        ),
        (
            "pretix-german.csv",
            "a pretix order list in German",
            [("Jörg Müller", "Hill Top Practice", "")],
        ),
        (
            "indico.csv",
            "an Indico registration list",
            [
                ("Siân O'Connor", "Riverside Surgery", "GP partner"),
                ("Mei Lin Chan", "Whitworth Health Centre", "Pharmacist"),
            ],
        ),
        (
            "microsoft-forms.xlsx",
            "a Microsoft Forms answer list",
            [
                ("Gwen Price", "Hill Top Practice", "Practice manager"),
                ("Łukasz Wójcik", "Canal Street Medical Centre", "Care navigator"),
            ],
        ),
        (
            "microsoft-forms-signed-in.xlsx",
            "a Microsoft Forms answer list",
            [("Gwen Price", "Hill Top Practice", "")],
        ),
    ],
)
def test_every_kind_of_list_brings_its_people(filename, source, people):
    table = table_of(filename)

    verdicts = judged(table.rows, guessed(table))

    assert recognised_source(table.headers) == source
    assert [
        (v.invitee.name, TEAM_NAMES[v.invitee.team_id], v.invitee.role)
        for v in verdicts
        if v.outcome is Outcome.NEW
    ] == people
    assert {v.outcome for v in verdicts} <= {Outcome.NEW, Outcome.INVALID}


@pytest.mark.parametrize(
    ("filename", "said"),
    [
        ("eventbrite.csv", "Not Attending"),
        ("pretix.csv", "canceled"),
        ("pretix-german.csv", "storniert"),
        ("indico.csv", "Withdrawn"),
    ],
)
def test_somebody_who_cancelled_elsewhere_is_not_invited(filename, said):
    table = table_of(filename)

    reasons = [v.reason for v in judged(table.rows, guessed(table)) if v.reason]

    assert reasons == [f"Is marked “{said}” in the file."]


def test_answers_to_questions_are_found_by_their_words():
    table = table_of("microsoft-forms.xlsx")

    first, second = judged(table.rows, guessed(table))

    assert first.invitee.certificate_name == "Gwen Price MBE"
    assert (second.invitee.diet, second.invitee.access) == ("Vegan", "Step-free entrance")
    assert second.invitee.email == "lukasz.wojcik@canalstreet.example"


# Guessing columns


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        (
            ["Name", "E-Mail", "Practice"],
            ["Gwen", "g@a.example", "The Limes"],
            {Field.FULL_NAME: 0, Field.EMAIL: 1, Field.TEAM: 2},
        ),
        (
            ["FIRST_NAME", "Last-Name", "EMAIL ADDRESS *"],
            ["Gwen", "Price", "g@a.example"],
            {Field.GIVEN_NAME: 0, Field.FAMILY_NAME: 1, Field.EMAIL: 2},
        ),
        (
            ["Name", "Surname", "Email"],
            ["Gwen", "Price", "g@a.example"],
            {Field.GIVEN_NAME: 0, Field.FAMILY_NAME: 1, Field.EMAIL: 2},
        ),
        (
            ["Email", "Name", "Email (2)"],
            ["anonymous", "", "g@a.example"],
            {Field.FULL_NAME: 1, Field.EMAIL: 2},
        ),
        (
            ["Who", "Where they can be reached"],
            ["Gwen", "g@a.example"],
            {Field.EMAIL: 1},
        ),
        (
            ["Name", "I agree to be sent email", "Contact"],
            ["Gwen", "Yes", "g@a.example"],
            {Field.FULL_NAME: 0, Field.EMAIL: 2},
        ),
        (["Name", "Email"], ["Gwen", ""], {Field.FULL_NAME: 0}),
        (
            ["Position", "Email", "Full name", "Role"],
            ["12", "g@a.example", "Gwen", ""],
            {Field.EMAIL: 1, Field.FULL_NAME: 2, Field.ROLE: 3},
        ),
        ([], [], {}),
    ],
)
def test_columns_are_guessed_by_name_and_content(headers, row, expected):
    assert guess_columns(headers, [row]) == dict.fromkeys(Field) | expected


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({Field.EMAIL: 0}, "Choose the column that holds the names."),
        ({Field.FULL_NAME: 0}, "Choose the column that holds the e-mail addresses."),
        ({Field.GIVEN_NAME: 0, Field.EMAIL: 1}, ""),
        ({Field.FULL_NAME: 0, Field.EMAIL: 1}, ""),
    ],
)
def test_a_list_without_names_or_addresses_asks_for_them(columns, sentence):
    assert what_is_missing(dict.fromkeys(Field) | columns) == sentence


@given(st.lists(st.text(max_size=20), max_size=8), st.data())
def test_guessing_never_fails_and_stays_inside_the_list(headers, data):
    row = st.lists(st.text(max_size=10), min_size=len(headers), max_size=len(headers))

    columns = guess_columns(headers, data.draw(st.lists(row, max_size=3)))

    assert set(columns) == set(Field)
    assert all(column is None or 0 <= column < len(headers) for column in columns.values())
    recognised_source(headers)


# Judging rows


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "g@a.example", ""), "There is no name."),
        (("—", "g@a.example", ""), "There is no name."),
        (("Anonymous", "g@a.example", ""), "There is no name."),
        (("Gwen", "", ""), "There is no e-mail address."),
        (("Gwen", "anonymous", ""), "There is no e-mail address."),
        (("Gwen", "gwen at a.example", ""), "“gwen at a.example” is not an e-mail address: it has no @."),
        (("Gwen", "gwen@a", ""), "“gwen@a” is not an e-mail address. Check how it is spelt."),
        (("Gwen", "gwen@a..example", ""), "“gwen@a..example” is not an e-mail address. Check how it is spelt."),
        (("Gwen", "g@a.example; h@a.example", ""), "“g@a.example; h@a.example” is more than one e-mail address. Keep one."),
        (("Gwen", "g@a.example\u202e", ""), "“g@a.example” is not an e-mail address. Check how it is spelt."),
        (("Gwen", "@" * 70, ""), f"“{'@' * 59}…” is not an e-mail address. Check how it is spelt."),
        (("Gwen", "g@a.example", "Riverside Surgary"), "“Riverside Surgary” is not a practice of this programme. Did you mean Riverside Surgery?"),
        (("Gwen", "g@a.example", "Riverside"), "“Riverside” is not a practice of this programme. Did you mean Riverside Surgery?"),
        (("Gwen", "g@a.example", "Xyzzy"), "“Xyzzy” is not a practice of this programme. Add it first."),
        (("x" * 201, "g@a.example", ""), "The name is too long. This name has 201 characters. Shorten it to 200 or fewer."),
        (("Gwen\0", "g@a.example", ""), "The name has invisible control characters. Type it again."),
        (("Gwen \u202ePrice", "g@a.example", ""), "The name has invisible control characters. Type it again."),
    ],
)  # fmt: skip
def test_a_row_that_brings_nobody_says_why(cells, reason):
    verdict = the_verdict(*cells)

    assert (verdict.outcome, verdict.reason, verdict.invitee) == (Outcome.INVALID, reason, None)
    assert verdict.cells == cells


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        (Field.ROLE, "x" * 101, "The role has 101 characters. Shorten it to 100 or fewer."),
        (Field.DIET, "x" * 1_001, "The diet has 1001 characters. Shorten it to 1000 or fewer."),
        (Field.ACCESS, "a\x07", "The access need has invisible control characters. Type it again."),
        (
            Field.CERTIFICATE_NAME,
            "x" * 201,
            "The name on the certificate is too long. This name has 201 characters. "
            "Shorten it to 200 or fewer.",
        ),
    ],
)
def test_an_answer_that_does_not_fit_says_which(field, text, reason):
    verdict = the_verdict("Gwen", "g@a.example", "", text, columns=SIMPLE | {field: 3})

    assert (verdict.outcome, verdict.reason) == (Outcome.INVALID, reason)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Gwen\u00a0 Price ", "Gwen Price"),
        ("PRICE, Gwen", "PRICE, Gwen"),
        ("gwen price", "gwen price"),
        ("Sia\u0302n O'Connor", "Siân O'Connor"),
    ],
)
def test_names_are_tidied_and_their_spelling_left_alone(written, name):
    assert the_verdict(written, "g@a.example", "").invitee.name == name


def test_parts_of_a_name_make_one():
    columns = {Field.GIVEN_NAME: 1, Field.FAMILY_NAME: 0, Field.EMAIL: 2}

    assert the_verdict("Price", "Gwen", "g@a.example", columns=columns).invitee.name == "Gwen Price"
    assert the_verdict("", "Gwen", "g@a.example", columns=columns).invitee.name == "Gwen"


@pytest.mark.parametrize(
    "written",
    [
        "G.Price@A.Example",
        " g.price@a.example ",
        "Gwen Price <g.price@a.example>",
        "mailto:g.price@a.example",
    ],
)
def test_addresses_are_compared_in_small_letters(written):
    assert the_verdict("Gwen", written, "").invitee.email == "g.price@a.example"


@pytest.mark.parametrize(
    ("written", "team"),
    [
        ("The Limes", "The Limes"),
        ("limes", "The Limes"),
        ("THE  LIMES.", "The Limes"),
        ("Hilltop practice", "Hill Top Practice"),
        ("Hill-Top Practice", "Hill Top Practice"),
        ("the riverside surgery", "Riverside Surgery"),
    ],
)
def test_practices_are_recognised_however_they_are_typed(written, team):
    assert TEAM_NAMES[the_verdict("Gwen", "g@a.example", written).invitee.team_id] == team


def test_somebody_without_a_practice_is_somebody():
    assert the_verdict("Gwen", "g@a.example", "").invitee.team_id is None


def test_somebody_known_is_linked_and_the_other_spelling_shown():
    known = {"g@a.example": KnownPerson(UUID(int=7), "Gwen Price")}

    same = the_verdict("Gwen Price", "G@a.example", "", known=known)
    other = the_verdict("G. Price", "G@a.example", "", known=known)

    assert (same.outcome, same.person, same.reason) == (Outcome.KNOWN, known["g@a.example"], "")
    assert other.reason == "Is known here as Gwen Price."


def test_who_is_on_the_list_or_said_no_is_left_in_peace():
    registered = the_verdict("Gwen", "G@a.example", "", registered=["g@a.example"])
    declined = the_verdict(
        "Gwen", "G@a.example", "", registered=["g@a.example"], declined=["g@a.example"]
    )

    assert (registered.outcome, registered.reason) == (
        Outcome.REGISTERED,
        "Is on the list of this event already. Nothing is sent again.",
    )
    assert (declined.outcome, declined.reason) == (
        Outcome.DECLINED,
        "Said no to this event before, and is not asked again.",
    )


def test_a_row_that_cannot_be_used_does_not_make_the_next_one_a_duplicate():
    rows = [
        Row(2, ("Gwen", "g@a.example", "Nowhere")),
        Row(3, ("Gwen", "g@a.example", "The Limes")),
        Row(4, ("Gwen P", "G@A.example", "")),
    ]

    verdicts = judged(rows, SIMPLE)

    assert [verdict.outcome for verdict in verdicts] == [
        Outcome.INVALID,
        Outcome.NEW,
        Outcome.DUPLICATE,
    ]
    assert verdicts[2].reason == "Row 3 has the same e-mail address."


ANY_CELL = st.text(max_size=20) | st.sampled_from(
    ["Gwen Price", "g@a.example", "G@a.example", "h@b.example", "The Limes", "limes", ""]
)


@settings(deadline=None)
@given(
    st.lists(st.tuples(ANY_CELL, ANY_CELL, ANY_CELL), max_size=8),
    st.dictionaries(st.sampled_from(list(Field)), st.none() | st.integers(-1, 5)),
)
def test_any_rows_get_one_verdict_each_and_nobody_comes_twice(cells, columns):
    rows = [Row(number, row) for number, row in enumerate(cells, 2)]

    verdicts = judged(rows, columns, registered=["h@b.example"])

    assert [(v.number, v.cells) for v in verdicts] == [(row.number, row.cells) for row in rows]
    assert all((v.invitee is None) == (v.outcome is Outcome.INVALID) for v in verdicts)
    coming = [v.invitee.email for v in verdicts if v.outcome in {Outcome.NEW, Outcome.KNOWN}]
    assert len(coming) == len(set(coming))
    assert all(v.reason for v in verdicts if v.outcome not in {Outcome.NEW, Outcome.KNOWN})
