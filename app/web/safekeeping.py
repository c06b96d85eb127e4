"""What keeps an organisation's records: backups, the way back, and what must happen after one."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from app.certificates.actions.ending import withdraw_again
from app.kernel.clock import now
from app.kernel.refusal import Refusal
from app.kernel.text import counted
from app.people.actions import CannotErase, end_everybodys_sign_ins, erase_again
from app.plumbing.backup import back_up, put_back
from app.plumbing.database import transaction
from app.plumbing.journal import erased_so_far, withdrawn_so_far
from app.plumbing.mail import keep_back_waiting_letters

NOT_SENT_AGAIN = "Not sent: it waited when the backup was made, and may have gone out since."


def register(app: Flask) -> None:
    """Give the application the commands of safekeeping."""

    @app.cli.command("backup")
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
    def backup(folder: Path) -> None:
        """Write the database and all files into one file in FOLDER, while the product runs."""
        try:
            click.echo(f"Backed up: {back_up(folder, at=now())}")
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal

    @app.cli.command("restore")
    @click.argument("backup", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def restore(backup: Path) -> None:
        """Put a backup back into an empty database, before the product starts."""
        try:
            put_back(backup)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        bring_up_to_date()
        after_restore()

    @app.cli.command("after-restore")
    def after_a_restore_by_other_means() -> None:
        """Do what must follow once other tools have put a database back; restore does it by itself."""
        after_restore()


def bring_up_to_date() -> None:
    """Run the migrations that the database has not seen, or say that they could not be run."""
    try:
        upgrade()
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"The database could not be brought up to date: {error}"
        ) from error


def after_restore() -> None:
    """Let nothing come back that had ended: people, certificates, sign-ins, letters. Safe to do twice."""
    at = now()
    with transaction():
        letters = keep_back_waiting_letters(NOT_SENT_AGAIN)
        end_everybodys_sign_ins(at=at)
        withdrawn = sum(withdraw_again(issue_id, at=at) for issue_id in withdrawn_so_far())
    click.echo(f"{counted(_erase_again(at), 'person', 'people')} erased again.")
    click.echo(f"{counted(withdrawn, 'certificate')} withdrawn again.")
    click.echo(f"{counted(letters, 'letter')} that waited kept back: see the outbox.")
    click.echo("Everybody signs in anew.")


def _erase_again(at: datetime) -> int:
    erased = 0
    for person_id in erased_so_far():
        try:
            with transaction():
                erased += erase_again(person_id, at=at)
        except CannotErase as refusal:
            click.echo(str(refusal), err=True)
    return erased
