"""What the environment says, read once and checked, or the product does not start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


class WrongSettings(Exception):
    """A setting is missing or makes no sense; the sentence says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an operator may set."""

    base_url: str
    secret_key: str = field(repr=False)
    data_folder: Path
    database_url: str = field(repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_sender: str = "hooray@localhost.localdomain"
    mail_sender_name: str = "Hooray"
    organisation: str = "Hooray"
    second_factor_required: bool = True
    trusted_proxies: int = 0
    work_in_process: bool = True
    web_threads: int = 12
    erasure_journal: Path | None = None

    @property
    def is_https(self) -> bool:
        """Say whether people reach the product over TLS."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Return the one host (with its port, if any) under which the product answers."""
        return urlsplit(self.base_url).netloc


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises WrongSettings with a sentence for the operator."""
    folder = Path(environment.get("HOORAY_DATA_FOLDER", str(ROOT / "var"))).absolute()
    database_url = _database_url(environment.get("DATABASE_URL", ""), folder)
    return Settings(
        base_url=_base_url(environment.get("HOORAY_BASE_URL", "http://localhost:8000")),
        secret_key=_secret_key(environment, folder),
        data_folder=folder,
        database_url=database_url,
        smtp_url=environment.get("HOORAY_SMTP_URL") or None,
        mail_sender=environment.get("HOORAY_MAIL_SENDER", "hooray@localhost.localdomain"),
        mail_sender_name=environment.get("HOORAY_MAIL_SENDER_NAME", "Hooray"),
        organisation=environment.get("HOORAY_ORGANISATION", "Hooray"),
        second_factor_required=_switch(environment, "HOORAY_SECOND_FACTOR_REQUIRED", default=True),
        trusted_proxies=_number(environment, "HOORAY_TRUSTED_PROXIES", 0),
        work_in_process=_switch(
            environment, "HOORAY_WORK_IN_PROCESS", default=database_url.startswith("sqlite")
        ),
        web_threads=_number(environment, "HOORAY_WEB_THREADS", 12),
        erasure_journal=_path(environment, "HOORAY_ERASURE_JOURNAL"),
    )


def _database_url(given: str, folder: Path) -> str:
    if not given:
        return f"sqlite:///{folder / 'hooray.sqlite'}"
    for short_form in ("postgres://", "postgresql://"):
        if given.startswith(short_form):
            return "postgresql+psycopg://" + given.removeprefix(short_form)
    if given.startswith(("sqlite:///", "postgresql+psycopg://")):
        return given
    raise WrongSettings("DATABASE_URL must start with postgresql:// or sqlite:///.")


def _base_url(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise WrongSettings(
            "HOORAY_BASE_URL must be the address people type, such as https://hooray.example."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _secret_key(environment: Mapping[str, str], folder: Path) -> str:
    key = environment.get("HOORAY_SECRET_KEY", "")
    file = folder / "secret-key"
    if not key and file.is_file():
        key = file.read_text().strip()
    if len(key) < 32:
        raise WrongSettings(
            "There is no secret key. Set HOORAY_SECRET_KEY to at least 32 random characters, "
            f"or put them into {file}; ./run does this by itself."
        )
    return key


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = environment.get(name, "").lower()
    if given not in {"", "0", "1", "no", "yes", "false", "true"}:
        raise WrongSettings(f"{name} must be yes or no.")
    return given in {"1", "yes", "true"} if given else default


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    given = environment.get(name, "")
    return Path(given).absolute() if given else None


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name, "")
    if given and not given.isdigit():
        raise WrongSettings(f"{name} must be a whole number.")
    return int(given) if given else default
