"""All settings in one file, top to bottom. What differs between machines comes from the environment;
every default runs on a laptop, and production refuses the unsafe ones (see the end)."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("VAR_DIR", default="") or BASE_DIR / "var").resolve()  # what this machine keeps, outside version control

# --- the machine -----------------------------------------------------------------------------------------------
DEVELOPMENT_SECRET_KEY = "development-only-key-that-production-refuses"
PRODUCTION = env.bool("PRODUCTION", default=False)  # true on a server: secure cookies, no development key
DEBUG = env.bool("DEBUG", default=False)  # tracebacks in the browser; never on a server
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_SECRET_KEY)  # signs sessions and personal links
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # former keys, which still open what they signed or sealed
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if not PRODUCTION else [])  # host names it answers to
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])  # e.g. https://app.example.nl
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")  # address of the product in mails and on the login card

# --- the database: the application's role serves, the owner role migrates -----------------------------------------
# Without DATABASE_URL the embedded server of `cleanconnect/localstack.py` is used, which sets these variables itself.
_engine = "cleanconnect.tenancy.postgres"
DATABASES = {
    "default": env.db_url("DATABASE_URL", default="postgres://cleanconnect_app@/cleanconnect", engine=_engine)
    | {
        "CONN_MAX_AGE": 60,  # each request is one transaction by accounts.middleware.CompanyMiddleware
        "CONN_HEALTH_CHECKS": True,
        # Each field with choices would declare, fetch and close one, three round trips for a short list, and through a pooler of
        # transactions none work. What reads a long table takes it in `cleanconnect.chunks`.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    },
}
# How often the same question of cleanconnect.prepared comes before the server keeps its plan. 0 is never, for a pooler that hands out
# connections by the transaction and knows nothing of prepared statements.
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = env.int("PREPARE_AFTER", default=3) or None
OWNER_DATABASE = DATABASES["default"] | env.db_url(
    "DATABASE_OWNER_URL", default=env.str("DATABASE_URL", default="postgres://cleanconnect_owner@/cleanconnect"), engine=_engine
)
APPLICATION_ROLE = DATABASES["default"]["USER"]
REQUEST_STATEMENT_SECONDS = env.int("REQUEST_STATEMENT_SECONDS", default=25)  # of one statement of a request
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis protocol: Celery's queue, and what may be lost ---------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379")
CACHES = {
    "default": {  # what must be counted while Redis is away and after it came back: rate limits, used codes of two-step verification
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "limits",
        "KEY_FUNCTION": "cleanconnect.caches.hidden_key",
        "OPTIONS": {"MAX_ENTRIES": 5_000_000},  # expired ones go every hour; no flood pushes out what still counts
    },
    "passing": {"BACKEND": "cleanconnect.caches.PassingCache", "LOCATION": REDIS_URL},
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True  # a task of a worker that died is run again; every task is safe to run twice
CELERY_TASK_QUEUES = [Queue("celery"), Queue("pdf"), Queue("mail")]  # taken in turn; mail by workers of its own, who wait for its server
CELERY_TASK_ROUTES = {"invoicing.tasks.make_pdf": {"queue": "pdf"}, "notifications.tasks.deliver": {"queue": "mail"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # kB; a process that grew beyond it is replaced between two tasks
CELERY_TASK_ANNOTATIONS = {  # seconds, of what reads files that others made; then it is given up, and a little later killed
    "imports.tasks.read": {"soft_time_limit": 120, "time_limit": 150},
    "imports.tasks.run": {"soft_time_limit": 20 * 60, "time_limit": 21 * 60},
    "workorders.tasks.make_photo": {"soft_time_limit": 60, "time_limit": 90},
    "quality.tasks.make_check_photo": {"soft_time_limit": 60, "time_limit": 90},
    "quality.tasks.make_defect_photo": {"soft_time_limit": 60, "time_limit": 90},
    "invoicing.tasks.read_statement": {"soft_time_limit": 120, "time_limit": 150},
}
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "cleanconnect.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
SWEEP = {"schedule": 60, "options": {"expires": 10 * 60}}  # those of an hour without a worker are not all done afterwards
CELERY_BEAT_SCHEDULE = {
    "do-what-lost-its-nudge": {"task": "cleanconnect.tasks.sweep"} | SWEEP,
    "collect-mails-that-came-back": {"task": "notifications.tasks.collect_bounces", "schedule": 5 * 60},
    "forget-forms-that-were-sent": {"task": "cleanconnect.tasks.forget_sent_forms", "schedule": 24 * 60 * 60},
    "forget-limits-that-ended": {"task": "accounts.tasks.forget_limits", "schedule": 60 * 60},
    "answer-who-forgot-a-password": {"task": "accounts.tasks.answer_password_requests"} | SWEEP,
}

# --- mail: files under var/mail unless there is a mail server ----------------------------------------------------
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))  # smtp+tls://user:password@host:587
EMAIL_TIMEOUT = 20
SIGN_UP_OPEN_TO_STRANGERS = env.bool("SIGN_UP_OPEN_TO_STRANGERS", default=True)  # no: who signs up is known, and mails as he likes
MAILS_A_DAY = env.int("MAILS_A_DAY", default=3000)  # of one company; what it writes beyond that waits a day for each so many
NEW_ADDRESSES_A_DAY = env.int("NEW_ADDRESSES_A_DAY", default=50)  # to which a company may mail that the host has not approved
MAIL_STAYS_LOCAL = EMAIL_BACKEND.endswith("filebased.EmailBackend")  # then the screen says where mail is
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CleanConnect <noreply@cleanconnect.nl>")
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default="")  # e.g. retour@example.nl; a mail's return address is retour+…@example.nl
BOUNCE_MAILBOX = env.str("BOUNCE_MAILBOX", default="")  # pops://user:password@host, where what comes back arrives

# --- files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "cleanconnect.storage.DiskStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.str("S3_BUCKET", default=""):  # S3-compatible storage instead of var/media
    STORAGES["default"] = {
        "BACKEND": "cleanconnect.object_storage.ObjectStorage",
        "OPTIONS": {"bucket_name": env.str("S3_BUCKET"), "endpoint_url": env.str("S3_ENDPOINT_URL", default=None)},
    }
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # form data without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # an invoice may have ten thousand lines, each with a box to tick
IMPORT_MAX_BYTES = 20 * 1024 * 1024
IMPORT_MAX_ROWS = 20_000
DEFECTS_TOGETHER = timedelta(minutes=10)  # as long as the mail of a defect waits for others of the same car
READ_MAX_MEMORY = 800 * 1024 * 1024  # bytes that a worker may take more while it reads a file or a picture
PHOTO_MAX_BYTES = 25 * 1024 * 1024
PHOTO_MAX_PIXELS = 50_000_000  # of JPEG and HEIC, as telephones make them
PHOTO_MAX_PIXELS_FLAT = 24_000_000  # of PNG and WebP
PHOTO_AT_ONCE_PIXELS = 1_200_000  # a picture up to this is made anew in the request, a larger one by a worker

# --- the application -------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "cleanconnect",
    "notifications",
    "accounts",
    "customers",
    "vehicles",
    "services",
    "workorders",
    "quality",
    "invoicing",
    "quotes",
    "bookkeeping",
    "start",
    "dossiers",
    "imports",
    "exports",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.forms",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "cleanconnect.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "cleanconnect.outage.TimeLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cleanconnect.texts.CleanText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.limits.ForgedLinks",
    "accounts.middleware.CompanyMiddleware",
    "accounts.middleware.TabletMiddleware",
    "accounts.middleware.OwnPasswordMiddleware",
    "cleanconnect.once.OnceMiddleware",
]
ROOT_URLCONF = "cleanconnect.urls"
WSGI_APPLICATION = "cleanconnect.wsgi.application"
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "cleanconnect.navigation.navigation",
    "cleanconnect.screen.forms",
]
TEMPLATES = [
    {
        "BACKEND": "cleanconnect.jinja.Backend",  # ours, and the widgets of forms
        "NAME": "jinja",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",  # what is inside allauth and crispy-forms
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS, "builtins": ["cleanconnect.templatetags.forms"]},
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that a widget may have a template of ours
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- login ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # no mail of allauth at logging in; opening the personal link confirms the address
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = None  # the login form asks
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {  # over allauth's own; "key" says what of, see accounts/limits.py
    "login_failed": "10/m/ip,5/5m/key",  # of a name, from one address
    "change_password": "5/5m/user,20/d/user",  # wrong guesses of the old one
    "reset_password": "20/m/ip,5/5m/key",
    "reset_password_from_key": "30/m/ip",  # openings of mailed links
    "forged_link": "30/m/ip",  # addresses of pages without a login that lead nowhere; one that is right is not counted
    "pair": "10/10m/ip",
    "pin": "10/10m/key",  # wrong ones of all names of one tablet
    "address_search": "60/m/user",
}
PER_HOUR = {  # how often a company may, by the names of cleanconnect/quotas.py
    "photos": env.int("PHOTOS_PER_HOUR", default=1500),
    "statements": env.int("STATEMENTS_PER_HOUR", default=30),
    "imports": env.int("IMPORTS_PER_HOUR", default=30),
    "exports": env.int("EXPORTS_PER_HOUR", default=120),
}
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)  # whose client address to believe
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "CleanConnect"
RDW_URL = env("RDW_URL", default="https://opendata.rdw.nl/resource/m9d7-ebf2.json")  # empty: no plate is looked up
RDW_APP_TOKEN = env("RDW_APP_TOKEN", default="")
MOLLIE_URL = env("MOLLIE_URL", default="https://api.mollie.com/v2/")
MOLLIE_PAGES = env.list("MOLLIE_PAGES", default=["https://*.mollie.com"])  # where a customer pays
ADDRESS_URL = env("ADDRESS_URL", default="https://api.pdok.nl/bzk/locatieserver/search/v3_1/free")  # empty: no address is looked up
PERSONAL_LINK_MAKER = "accounts.links.link_for"  # called by notifications, which knows no logins
PERSONAL_LINK_DAYS = 7  # how long the link with which someone sets the own password works
PASSWORD_RESET_TIMEOUT = PERSONAL_LINK_DAYS * 24 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- language, time and numbers: Dutch -----------------------------------------------------------------------------
PIN_ROUNDS = 600_000  # of PBKDF2, for what a PIN opens on a tablet without a connection (OWASP's number)
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Nederlands")), ("en", _("Engels")), ("pl", _("Pools")), ("de", _("Duits"))]  # others than Dutch: the tablet's pages
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "cleanconnect.formats"

# --- security headers -----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # set by the proxy in front, which must strip the client's
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=True)  # no: a subdomain still speaks plain HTTP
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "cleanconnect.logs.WithoutValues", "format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}

# --- what production refuses -------------------------------------------------------------------------------------------
if PRODUCTION:
    if SECRET_KEY == DEVELOPMENT_SECRET_KEY or len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("PRODUCTION needs a SECRET_KEY of its own, of at least 50 characters.")
    if DEBUG:
        raise ImproperlyConfigured("PRODUCTION does not go together with DEBUG.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("PRODUCTION needs ALLOWED_HOSTS: the host names it answers to.")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL"):
        if not env.str(name, default=""):
            raise ImproperlyConfigured(f"PRODUCTION needs {name}: servers of its own.")
    if DATABASES["default"]["USER"] == OWNER_DATABASE["USER"]:
        raise ImproperlyConfigured("PRODUCTION needs DATABASE_OWNER_URL with another role than DATABASE_URL.")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("PRODUCTION needs SITE_URL: the https address that stands in mails.")
