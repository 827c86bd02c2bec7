"""Rows with a link that opens one page without a login (see `accounts.link_pages`); every such link ends."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .links import signature

STAYS = timedelta(days=30)  # how long what is done, such as an answer or a payment, can be read again


class Ending(models.Model):
    """A row with a link that works through `link_until`, or until it is revoked.

    A model says by `link_until` when it ends, and by `link_holder` which customer was given it, or by `link_language` in which language
    its page says that it ended.
    """

    link_revoked_at = models.DateTimeField(null=True, editable=False, help_text="the link in the mail about it no longer works")

    class Meta:
        abstract = True

    @property
    def link_until(self):
        """The last day on which the link works; None when there is nothing to open."""
        raise NotImplementedError

    @property
    def link_holder(self):
        raise NotImplementedError

    @property
    def link_language(self):
        return self.link_holder.language

    @property
    def has_open_link(self):
        """Whether there is a link that has not expired; it may be revoked."""
        return self.link_until is not None and self.link_until >= timezone.localdate()

    @property
    def link_works(self):
        return self.has_open_link and self.link_revoked_at is None

    @property
    def why_link_ended(self):
        """What the page of a link that works no more may say of this row; it shows nothing of what stands in it."""
        return ""

    def revoke_link(self):
        """The link stops working now."""
        self.link_revoked_at = timezone.now()
        self.save(update_fields=["link_revoked_at"])

    def switch_link(self):
        """Revoke the link; or, when it was, let the same one work again."""
        self.link_revoked_at = None if self.link_revoked_at else timezone.now()
        self.save(update_fields=["link_revoked_at"])


class Linked(Ending):
    """A row of which the link is signed and not stored.

    A model says by `link_kind` what is signed and by `link_page` the name of the address.
    """

    link_kind = link_page = None

    link_number = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="of the link that works; those before it do not"
    )

    class Meta:
        abstract = True

    @property
    def link_signature(self):
        return signature(self.link_kind, self.company_id, self.pk, self.link_number)

    @property
    def link(self):
        """The full address of its page; it needs no login and shows nothing else."""
        return settings.SITE_URL + reverse(self.link_page, args=[self.company_id, self.pk, self.link_signature])

    def renew_link(self):
        """Give the row a new link; those before it do not work any more."""
        self.link_revoked_at, self.link_number = None, self.link_number + 1
        self.save(update_fields=["link_revoked_at", "link_number"])
