"""The reference: Flask and SQLAlchemy with nothing around them. One insert by POST, one page by GET.

python -m tests.benchmarks.bare DATABASE_URL PORT
"""

import sys
import threading
import uuid

import waitress
from flask import Flask, jsonify, render_template_string, request
from sqlalchemy import Text, create_engine, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

THREADS = 12
PAGE = "<!DOCTYPE html><title>Bare</title><h1>{{ here }} are here</h1>"


class Base(DeclarativeBase):
    """The bare tables."""


class Checkin(Base):
    """The bare row."""

    __tablename__ = "bare_checkin"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    scan_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(Text())


url, port = sys.argv[1], int(sys.argv[2])
engine = create_engine(url, pool_size=THREADS)
turn = threading.Lock()
app = Flask(__name__)


@event.listens_for(engine, "connect")
def as_durable_as_ours(connection, _record) -> None:
    if engine.dialect.name == "sqlite":
        connection.execute("PRAGMA journal_mode=TRUNCATE")
        connection.execute("PRAGMA synchronous=FULL")


@app.post("/checkins")
def check_in():
    sent = request.get_json()
    with turn, Session(engine) as session:
        session.add(Checkin(scan_id=uuid.UUID(sent["scan_id"]), code=sent["code"]))
        try:
            session.commit()
        except IntegrityError:
            session.rollback()
    return jsonify(scan_id=sent["scan_id"])


@app.get("/")
def page():
    with Session(engine) as session:
        here = session.scalar(select(func.count()).select_from(Checkin))
    return render_template_string(PAGE, here=here)


Base.metadata.create_all(engine)
if engine.dialect.name == "postgresql":
    turn = threading.Semaphore(THREADS)
waitress.serve(
    app,
    host="127.0.0.1",
    port=port,
    threads=THREADS,
    ident=None,
    connection_limit=2000,
    asyncore_use_poll=True,
)
