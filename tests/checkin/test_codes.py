import pytest

from app.checkin.rules.codes import ReadCode, read_code

LONG = "7ZQ4M8W2K6N1X5B9D3F0G7H2JA"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"HTTPS://HOORAY.EXAMPLE/K/{LONG}", ReadCode(LONG)),
        (f"https://hooray.example/k/{LONG.lower()}", ReadCode(LONG)),
        (f"http://hooray.example/K/{LONG}/", ReadCode(LONG)),
        (LONG, ReadCode(LONG)),
        (f"  {LONG.lower()}\n", ReadCode(LONG)),
        ("KX4-7PQ", ReadCode("KX47PQ", is_short=True)),
        ("kx4 7pq", ReadCode("KX47PQ", is_short=True)),
        ("KX4–7PQ", ReadCode("KX47PQ", is_short=True)),
        ("oil-ulu", ReadCode("011V1V", is_short=True)),
        (f"https://elsewhere.example/K/{LONG}", None),
        (f"https://hooray.example.evil.example/K/{LONG}", None),
        (f"https://hooray.example/V/{LONG}", None),
        (f"https://hooray.example/K/{LONG}?x=1", None),
        ("https://hooray.example/r/7Q2M/ABCDEFGH", None),
        ("WIFI:S:Northvale;T:WPA;P:secret;;", None),
        ("KX47P", None),
        ("", None),
        ("A" * 5000, None),
        ("KX4\x007PQ", None),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER K}X47PQ", None),
    ],
)
def test_a_code_is_cut_out_of_whatever_was_scanned(text, expected):
    assert read_code(text, host="hooray.example") == expected
