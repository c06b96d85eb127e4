"""A real mail server with switches: it can be away, turn everybody away, or be full."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Keeps what it takes; `trouble` is what it answers instead, and `is_up` whether it is there."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.as_they_came: list[bytes] = []
        self.calls = 0
        self.trouble = ""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def message_ids(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters]

    def come(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def go(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        self.calls += 1
        if self.trouble:
            return self.trouble
        self.as_they_came.append(envelope.content)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 Taken"

    async def handle_MAIL(  # noqa: N802 - the library's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.trouble.startswith("421"):
            return self.trouble
        envelope.mail_from = address
        return "250 Go on"


@contextmanager
def a_mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.come()
    try:
        yield server
    finally:
        server.go()
