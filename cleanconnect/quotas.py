"""How much a company may hand us in an hour, so that one of them does not fill the disk and the queue of all others.

A use is a row, counted when it is committed: what is refused costs nothing, and two at once do not wait for each other.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy

from .models import QuotaUse
from .tenancy.context import whole_company
from .uploads import clean_picture

HOUR = timedelta(hours=1)
FULL = {  # by the name of the quota (`PER_HOUR` in the settings)
    "photos": gettext_lazy("Uw bedrijf heeft het afgelopen uur al %(most)s foto’s bewaard; vanaf %(time)s kan er weer een bij."),
    "statements": gettext_lazy("Uw bedrijf heeft het afgelopen uur al %(most)s bankafschriften ingelezen; vanaf %(time)s kan het weer."),
    "imports": gettext_lazy("Uw bedrijf heeft het afgelopen uur al %(most)s bestanden geïmporteerd; vanaf %(time)s kan het weer."),
    "exports": gettext_lazy("Uw bedrijf heeft het afgelopen uur al %(most)s exports gemaakt; vanaf %(time)s kan het weer."),
}


class QuotaFull(ValidationError):
    """The company had its hour's worth; the message is Dutch and says from when on it can be done again."""


def take(name):
    """Count one use by the company of this request; raises `QuotaFull`, as a form shows at its field, when it had all of them."""
    with whole_company():
        if full := _full(name):
            raise full
        QuotaUse.objects.create(name=name)


def clean_photo(upload, **how):
    """A photo that somebody adds: `uploads.clean_picture` of it, as one more of the company's. Raises a ValidationError in Dutch."""
    take("photos")  # first: to look at a hundred that are no photos costs as much
    return clean_picture(upload, **how)


def has_room(name):
    """Whether `take` would do now."""
    with whole_company():
        return _full(name) is None


def _full(name):
    uses, since, most = QuotaUse.objects.filter(name=name), timezone.now() - HOUR, settings.PER_HOUR[name]
    # Who forgets the old ones at the same moment does not wait for us.
    gone = uses.filter(used_at__lte=since).select_for_update(no_key=True, skip_locked=True)
    QuotaUse.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
    times = list(uses.filter(used_at__gt=since).order_by("-used_at").values_list("used_at", flat=True)[:most])
    if len(times) < most:
        return None
    again = time_format(timezone.localtime(times[-1] + HOUR + timedelta(minutes=1)), "H:i") if times else "–"
    return QuotaFull(FULL[name] % {"most": most, "time": again})
