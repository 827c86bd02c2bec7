from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cleanconnect.jobs import Job
from cleanconnect.tenancy.models import CompanyModel

from . import events


class Language(models.TextChoices):
    """Languages in which a customer can be written to."""

    DUTCH = "nl", _("Nederlands")
    ENGLISH = "en", _("Engels")
    GERMAN = "de", _("Duits")


class MessageQuerySet(models.QuerySet):
    def untried(self):
        """Those that wait and were not tried yet, so that they may still change."""
        return self.filter(state=Message.State.QUEUED, pk__in=Job.objects.filter(task=Message.TASK, attempts=0).values("row_id"))

    def held_back(self):
        """Those of `untried` whose time is still to come."""
        waiting = Job.objects.filter(task=Message.TASK, attempts=0, due_at__gt=Now())
        return self.filter(state=Message.State.QUEUED, pk__in=waiting.values("row_id"))

    def not_arrived(self):
        """Of the last thirty days what a mail server refused, at once or later."""
        return self.filter(state__in=Message.NOT_ARRIVED, created_at__gte=timezone.now() - timedelta(days=30))


class Message(CompanyModel):
    """A mail (bericht) to be delivered; written in the same transaction as what caused it.

    It never holds a password or a working personal link: `PERSONAL_LINK` in the text is replaced at the moment of
    delivery by a fresh one-time link for `user`, so nobody who reads this table can use it.
    """

    PERSONAL_LINK = "[persoonlijke link]"
    TASK = "notifications.tasks.deliver"

    class State(models.TextChoices):
        QUEUED = "queued", _("In de wachtrij")
        SENDING = "sending", _("Wordt verzonden")
        SENT = "sent", _("Verzonden")
        FAILED = "failed", _("Mislukt")
        BOUNCED = "bounced", _("Teruggekomen")

    NOT_ARRIVED = (State.FAILED, State.BOUNCED)
    RESENDABLE = (State.SENT, *NOT_ARRIVED)

    event = models.CharField(_("soort"), max_length=20, choices=events.choices)
    event_key = models.CharField(max_length=60, help_text="what caused it; one event gives one mail")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    to_name = models.CharField(_("naam"), max_length=100)
    to_email = models.EmailField(_("aan"))
    subject = models.CharField(_("onderwerp"), max_length=200)
    text = models.TextField(_("tekst"))
    language = models.CharField(_("taal"), max_length=2, choices=Language, default=Language.DUTCH)
    attachments = models.JSONField(_("bijlagen"), default=list, blank=True, help_text="[name in the file storage, name in the mail]")
    pictures = models.JSONField(default=list, blank=True, help_text="[name in the file storage, where it leads], shown small in the mail")
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.QUEUED)
    last_error = models.CharField(_("fout"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("gemaakt op"), default=timezone.now)
    handed_over_at = models.DateTimeField(null=True, help_text="just before the mail server got the text: from here on it may arrive")
    sent_at = models.DateTimeField(_("verzonden op"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("bericht")
        verbose_name_plural = _("berichten")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "event", "event_key"], name="message_once_per_event")]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"], name="message_newest"),
            models.Index(fields=["company", "created_at"], condition=models.Q(state__in=["failed", "bounced"]), name="message_not_arrived"),
        ]

    def __str__(self):
        return f"{self.get_event_display()}: {self.subject}"

    @property
    def is_resendable(self):
        return self.state in self.RESENDABLE and (not self.opens_a_login or self.is_for_its_user)

    @property
    def is_bounced(self):
        """Whether it was refused by its address, so that the same address will refuse it again."""
        return self.state == self.State.BOUNCED

    @property
    def next_attempt_at(self):
        """When it is tried again, after an attempt in vain; None otherwise."""
        return Job.objects.filter(task=self.TASK, row_id=self.pk, attempts__gt=0).values_list("due_at", flat=True).first()

    @property
    def opens_a_login(self):
        """Whether the mail will hold a personal link, with which its reader sets the password of `user`."""
        return self.user_id is not None and self.PERSONAL_LINK in self.text

    @property
    def is_for_its_user(self):
        """Whether it goes to the address that its user has now, and not to one of before or one typed at a resend."""
        return self.user.is_active and self.to_email.lower() == self.user.email.lower()


class MailText(CompanyModel):
    """Mailtekst: the company's own wording of the mail of an event, in one language; words between braces are filled in."""

    event = models.CharField(_("soort"), max_length=20, choices=events.choices)
    language = models.CharField(_("taal"), max_length=2, choices=Language, default=Language.DUTCH)
    subject = models.CharField(_("onderwerp"), max_length=150)
    body = models.TextField(_("tekst"), max_length=5000)

    class Meta:
        verbose_name = _("mailtekst")
        verbose_name_plural = _("mailteksten")
        ordering = ["event", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "event", "language"],
                name="mailtext_once",
                violation_error_message=_("Voor deze mail is er al een tekst in deze taal."),
            )
        ]

    def __str__(self):
        return f"{self.get_event_display()} ({self.get_language_display()})"
