"""`serve --with-sample` is all that `./run` does once the machine is ready."""

from urllib.request import urlopen

import pytest

from app.web.sample.loading import sample_programme
from tests.factories.programmes import a_programme
from tests.running import FLASK, Place, Server, a_free_port, a_place


@pytest.fixture
def empty(tmp_path) -> Place:
    return Place(tmp_path, f"sqlite:///{tmp_path / 'hooray.sqlite'}")


def start_page(place: Place) -> tuple[str, str]:
    """Start the server, and return its first page and what it said meanwhile."""
    port = a_free_port()
    environment = place.environment(HOORAY_BASE_URL=f"http://localhost:{port}")
    command = (*FLASK, "serve", "--with-sample", "--port", str(port))
    server = Server(command, environment, place.folder, port)
    server.start(path="/")
    try:
        with urlopen(f"{server.address}/") as answer:
            return answer.read().decode(), server.log.read_text()
    finally:
        server.stop()


def test_an_empty_folder_becomes_the_sample_programme(empty):
    page, said = start_page(empty)

    assert "Practices Improving Together" in page
    assert "Check a certificate   http://localhost" in said


def test_a_second_start_finds_the_sample_as_it_was(empty):
    start_page(empty)
    with empty.house():
        before = sample_programme().id

    start_page(empty)

    with empty.house():
        assert sample_programme().id == before


def test_the_sample_stays_out_of_real_programmes():
    with a_place() as place:
        with place.house():
            a_programme()

        page, said = start_page(place)

        assert "the sample stays out of it" in said
        assert "Practices Improving Together" not in page
