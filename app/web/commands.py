"""What an operator types: `flask --app wsgi ...`."""

import logging
import signal
import sys
import threading
import time
from pathlib import Path

import click
from flask import Flask
from flask_security.recoverable import generate_reset_password_token
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from app.kernel.actor import SYSTEM
from app.kernel.clock import now
from app.kernel.refusal import Refusal
from app.people.actions import open_account
from app.plumbing.addresses import address_of
from app.plumbing.database import transaction
from app.plumbing.pdf import preview
from app.plumbing.presses import forget_presses
from app.plumbing.queue import release_leases_of_the_dead, run_due
from app.web import safekeeping
from app.web.sample.cast import ADMINISTRATOR, PASSWORD, STAFF
from app.web.sample.loading import RealDataHere, load_sample, sample_token
from app.web.settings import Settings

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0
CONNECTIONS = 2000


def register(app: Flask, settings: Settings) -> None:
    """Give the application its commands."""
    _running(app, settings)
    safekeeping.register(app)
    _trying(app, settings)


def _running(app: Flask, settings: Settings) -> None:
    """Add the commands that keep the product running."""

    @app.cli.command("work")
    @click.option("--until-empty", is_flag=True, help="Stop when nothing is due.")
    def work(*, until_empty: bool) -> None:
        """Do later work as it falls due: mail, drawing, purges."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if until_empty:
            run_due(now)
        else:
            keep_working(app, stop)

    @app.cli.command("serve")
    @click.option("--port", default=8000, show_default=True)
    @click.option("--host", default="127.0.0.1", show_default=True)
    @click.option(
        "--with-sample",
        is_flag=True,
        help="First bring the database up to date, and load the sample unless it holds real data.",
    )
    def serve(port: int, host: str, *, with_sample: bool) -> None:
        """Serve the product, with later work done in a thread beside it where the setting says so."""
        server = listen(app, host=host, port=port, threads=settings.web_threads)
        if with_sample:
            safekeeping.bring_up_to_date()
            click.echo(_sample_if_empty(settings))
        if settings.work_in_process:
            start_worker(app)
        # As Ctrl-C does: pages that have begun are answered, and what was counted is written down.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        click.echo(f"Open {settings.base_url}/  (Ctrl-C stops it)")
        server.run()


def _trying(app: Flask, settings: Settings) -> None:
    """Add the commands for those who try the product or design for it."""

    @app.cli.command("sample-programme")
    def sample_programme() -> None:
        """Load the sample programme: fictional practices, four events done, the summit today."""
        try:
            click.echo(_load_sample(settings))
        except RealDataHere as refusal:
            raise click.ClickException(str(refusal)) from refusal

    @app.cli.command("make-administrator")
    @click.argument("name")
    @click.argument("email")
    def make_administrator(name: str, email: str) -> None:
        """Open an account that runs the server, and print the link that sets its password."""
        with transaction():
            account = open_account(
                name=name, email=email, by=SYSTEM, at=now(), is_administrator=True
            )
            token = generate_reset_password_token(account)  # type: ignore[no-untyped-call]  # the library gives no types
            link = address_of("security.reset_password", token=token)
        click.echo(f"{name} chooses a password here, within two days:\n{link}")

    @app.cli.command("preview-certificate")
    @click.argument("design")
    @click.option("--out", default="preview.pdf", show_default=True, type=click.Path())
    def preview_certificate(design: str, out: str) -> None:
        """Draw a certificate design with its sample person."""
        try:
            Path(out).write_bytes(preview(design))
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        click.echo(f"Drawn: {out}")


def _load_sample(settings: Settings) -> str:
    with transaction():
        load_sample(at=now())
    return what_to_try(settings.base_url)


def _sample_if_empty(settings: Settings) -> str:
    try:
        return _load_sample(settings)
    except RealDataHere:
        return "The database holds your own programmes; the sample stays out of it."


def what_to_try(base_url: str) -> str:
    """Say who can sign in to the sample, and what to try first."""
    lines = [
        "",
        "  The sample programme is loaded: eight fictional practices, their summit is today.",
        "",
        f"  Start here            {base_url}/",
        f"  Staff sign-in         {base_url}/sign-in/   password for all: {PASSWORD}",
    ]
    lines += [f"    {member.email:<26}{member.does}" for member in (*STAFF, ADMINISTRATOR)]
    lines += [
        f"  A door volunteer      {base_url}/d/{sample_token('door:steward')}",
        f"  An attendee           {base_url}/l/{sample_token('attendee')}",
        f"  Check a certificate   {base_url}/v",
        "",
    ]
    return "\n".join(lines)


def listen(app: Flask, *, host: str, port: int, threads: int) -> MultiSocketServer | BaseWSGIServer:
    """Take the port, or say who has to give way."""
    try:
        return create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            # Phones keep their connections: with waitress' own hundred, the next phone waits for minutes.
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,  # select() ends at file number 1,024
        )
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be had ({error.strerror}). Name another: PORT={port + 1} ./run"
        ) from error


def start_worker(app: Flask) -> threading.Event:
    """Start doing later work in a thread of this process, and return the event that stops it."""
    stop = threading.Event()
    worker = threading.Thread(target=keep_working, args=(app, stop), name="work", daemon=True)
    worker.start()
    return stop


def keep_working(app: Flask, stop: threading.Event) -> None:
    """Do later work as it falls due, until told to stop; a failing database is waited for."""
    has_begun = False
    while not stop.is_set():
        try:
            with app.app_context():
                if not has_begun:
                    _take_over()
                    has_begun = True
                tried = run_due(now, limit=50)
        except Exception as error:  # noqa: BLE001 - the loop outlives a database that is away
            log.warning("later work waits: %s", type(error).__name__)
            tried = 0
            time.sleep(PAUSE_SECONDS)
        if not tried:
            stop.wait(PAUSE_SECONDS)


def _take_over() -> None:
    """Go on with what a worker that died on this machine has left, and clear what is too old."""
    with transaction():
        release_leases_of_the_dead()
        forget_presses(at=now())
