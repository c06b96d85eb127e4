import pytest
from werkzeug.exceptions import MisdirectedRequest


@pytest.mark.parametrize("address", ["/health", "/health?deep=1"])
def test_the_other_name_of_this_machine_leads_to_the_one_we_answer_under(app, address):
    answer = app.test_client().get(address, base_url="http://127.0.0.1")

    assert (answer.status_code, answer.location) == (302, f"http://localhost{address}")


@pytest.mark.parametrize(
    ("host", "method"),
    [
        ("evil.example", "GET"),
        ("localhost:81", "GET"),
        ("127.0.0.1:81", "GET"),
        ("127.0.0.1", "POST"),
    ],
)
def test_every_other_name_is_refused(app, host, method):
    with (
        app.test_request_context("/health", base_url=f"http://{host}", method=method),
        pytest.raises(MisdirectedRequest),
    ):
        app.preprocess_request()
