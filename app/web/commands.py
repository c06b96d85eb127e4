"""What an operator types: `flask --app wsgi ...`."""

import logging
import signal
import threading
import time

import click
from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from app.kernel.clock import now
from app.plumbing.queue import run_due
from app.web.settings import Settings

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0


def register(app: Flask, settings: Settings) -> None:
    """Give the application its commands."""

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
    def serve(port: int, host: str) -> None:
        """Serve the product, with later work done in a thread beside it where the setting says so."""
        server = listen(app, host=host, port=port, threads=settings.web_threads)
        if settings.work_in_process:
            start_worker(app)
        click.echo(f"Open {settings.base_url}/  (Ctrl-C stops it)")
        server.run()


def listen(app: Flask, *, host: str, port: int, threads: int) -> MultiSocketServer | BaseWSGIServer:
    """Take the port, or say who has to give way."""
    try:
        return create_server(app, host=host, port=port, threads=threads, ident=None)
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
    while not stop.is_set():
        try:
            with app.app_context():
                tried = run_due(now, limit=50)
        except Exception as error:  # noqa: BLE001 - the loop outlives a database that is away
            log.warning("later work waits: %s", type(error).__name__)
            tried = 0
            time.sleep(PAUSE_SECONDS)
        if not tried:
            stop.wait(PAUSE_SECONDS)
