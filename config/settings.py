"""The settings of an installation, from the environment (`HUB_…`), frozen and checked against one another at start."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.certificates import check_certificates
from config.colour import own_colour
from config.logo import check_logo
from config.mail import Mailing, is_address, smtp_server, takes_returns


class Settings(BaseSettings):
    """One installation. Each field is an environment variable `HUB_<NAME>`; its docstring says what it does."""

    model_config = SettingsConfigDict(
        env_prefix="HUB_", frozen=True, env_ignore_empty=True, use_attribute_docstrings=True, extra="ignore"
    )

    data: Path = Path("data")
    """Folder that holds database, files, index, keys and policies."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=8000, ge=1, le=65535)
    """Port to listen on."""
    url: str = ""
    """Public address, such as https://hub.example.gov.uk. By default http://localhost:PORT."""
    database_url: str = ""
    """SQLAlchemy address of the database. By default a SQLite file in the data folder."""
    elasticsearch_url: str = ""
    """Address of Elasticsearch 9. Without it the embedded engine (tantivy) keeps its index in the data folder."""
    elasticsearch_index: str = "knowledge-hub"
    """Name of the alias in Elasticsearch; two hubs on one server need two."""
    elasticsearch_api_key: str = ""
    """API key for Elasticsearch, if it wants one."""
    key_file: Path | None = None
    """File of the hub's secret keys, the same on all its machines. By default keys.json in the data folder."""
    keys: str = Field(default="", repr=False)
    """The keys themselves, as a key file holds them, where secrets come by the environment: no file is read then."""
    files_url: str = ""
    """Address of the file store (s3://bucket/prefix). By default a folder in the data folder."""
    name: str = "Knowledge Hub"
    """The name that every page shows."""
    colour: str = ""
    """Your own colour for header, buttons and icon, such as #4b2e83; white text must be readable on it."""
    logo: Path | None = None
    """A picture (.svg or .png, up to 200 kB) that stands in the header instead of mark and name, on your colour."""
    contact: str = ""
    """E-mail address of the people who look after this hub, shown on help and error pages."""
    smtp_url: str = ""
    """Mail server: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465. Unset: mail is filed."""
    mail_from: str = ""
    """Address that the hub's mail comes from; needed with HUB_SMTP_URL."""
    mail_bounces: str = ""
    """Address to which letters come back, such as bounces@example.gov.uk, for `hub mail bounced`; unset: nowhere."""
    mail_a_minute: int = Field(default=600, ge=1)
    """How many letters the mail server is given within a minute, at most; others wait for the next one."""
    web_processes: int = Field(default=1, ge=1, le=64)
    """How many web processes `hub serve` runs."""
    web_threads: int = Field(default=4, ge=1, le=64)
    """How many requests each web process works on at a time; nobody's take more than three quarters of the places."""
    searches_a_minute: int = Field(default=120, ge=1)
    """How often one person may search within a minute; beyond that they are told when to go on."""
    texts_a_minute: int = Field(default=60, ge=1)
    """How many texts and files one person may send within a minute: previews, uploads, revisions."""
    parts_a_minute: int = Field(default=600, ge=1)
    """How many parts of large files, of some megabytes each, one person may send within a minute."""
    comparisons_a_minute: int = Field(default=60, ge=1)
    """How many revisions one person may have compared within a minute."""
    checks_a_minute: int = Field(default=60, ge=1)
    """How many policy texts, tables of people and audiences one person may have checked within a minute."""
    feeds_a_minute: int = Field(default=60, ge=1)
    """How often the feeds of one person may be read within a minute."""
    strangers_a_minute: int = Field(default=1500, ge=1)
    """How many pages of signing in one address may ask for within a minute; a whole council may come from one."""
    upload_limit_mb: int = Field(default=256, ge=1, le=10240)
    """Largest file that may be uploaded, in megabytes."""
    session_idle_minutes: int = Field(default=60, ge=5)
    """A session unused for so long ends."""
    session_hours: int = Field(default=12, ge=1)
    """A session ends after so many hours, used or not."""
    sessions_at_once: int = Field(default=20, ge=1)
    """So many sessions one person has at a time: with one more, the oldest ends."""
    loopback_issuers: bool = False
    """Let issuers live at http addresses of this machine. For demonstrations and tests only."""
    issuer_ca: Path | None = None
    """Certificates (PEM) of an inner network's own authorities; for issuers added with --inner-network only."""
    metrics_token: str = ""
    """Whoever sends it (Authorization: Bearer TOKEN) may read /metrics; without it only this machine itself."""
    demo: bool = False
    """A demonstration: every page says so."""

    @field_validator("colour")
    @classmethod
    def _readable(cls, text: str) -> str:
        return str(own_colour(text)) if text else ""

    @field_validator("logo")
    @classmethod
    def _picture(cls, path: Path | None) -> Path | None:
        return check_logo(path) if path else None

    @field_validator("issuer_ca")
    @classmethod
    def _certificates(cls, path: Path | None) -> Path | None:
        return check_certificates(path) if path else None

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        parts = urlsplit(self.public_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError(f"HUB_URL is {self.url!r}: give scheme and host, such as https://hub.example.gov.uk")
        if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
            raise ValueError("HUB_URL must be https: only localhost may be http")
        if self.loopback_issuers and not self.is_local:
            raise ValueError("HUB_LOOPBACK_ISSUERS is for a hub at http://localhost only: unset it")
        if self.smtp_url:
            smtp_server(self.smtp_url)
        if self.smtp_url and not self.mail_from:
            raise ValueError("HUB_SMTP_URL needs HUB_MAIL_FROM: the address that the hub's mail comes from")
        if self.mail_bounces and not takes_returns(self.mail_bounces):
            raise ValueError(
                f"HUB_MAIL_BOUNCES is {self.mail_bounces!r}: give a bare address without a plus, such as "
                "bounces@example.gov.uk, with at most 24 characters before the @"
            )
        if self.mail_from and not (is_address(self.mail_from) and self.mail_from.isascii()):
            raise ValueError(f"HUB_MAIL_FROM is {self.mail_from!r}: give a bare address, such as hub@example.gov.uk")
        return self

    @property
    def budgets(self) -> dict[str, int]:
        """What one person may cost: requests of each costly kind within a minute."""
        return {
            "search": self.searches_a_minute,
            "write": self.texts_a_minute,
            "part": self.parts_a_minute,
            "compare": self.comparisons_a_minute,
            "check": self.checks_a_minute,
            "feed": self.feeds_a_minute,
            "stranger": self.strangers_a_minute,
        }

    @property
    def mail(self) -> Mailing:
        """What letters are sent with."""
        sender = self.mail_from or f"hub@{urlsplit(self.public_url).hostname}"
        # people of a demonstration are invented, and so are their addresses
        server = smtp_server(self.smtp_url) if self.smtp_url and not self.demo else None
        return Mailing(server, sender, self.name, self.data / "mail", self.mail_a_minute, self.mail_bounces)

    @property
    def public_url(self) -> str:
        """The public address without a trailing slash."""
        return (self.url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether the hub is reached by plain http on this machine."""
        return self.public_url.startswith("http://")

    @property
    def database(self) -> str:
        """The database's SQLAlchemy address."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'hub.sqlite3'}"

    @property
    def policy_dir(self) -> Path:
        """The admins' working copy of the policy files."""
        return self.data / "policies"

    @property
    def key_path(self) -> Path:
        """Where the hub's secret keys lie (mode 0600), unless they are given."""
        return self.key_file or self.data / "keys.json"

    @property
    def index_dir(self) -> Path:
        """The embedded index."""
        return self.data / "index"

    @property
    def files_dir(self) -> Path:
        """Stored files, by content hash."""
        return self.data / "files"
