"""What is confirmed is what was shown: the form of a preview is kept in the database, with a digest of what the page showed.

The page that confirms has no field that can be changed. It names the preview; the act makes its proposal anew from the kept form, and
when that is not what was shown any more (a price or a customer changed meanwhile) nothing is done and the new one is shown.
"""

import hashlib
import json
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, QueryDict
from django.utils import timezone

from .models import Preview
from .once import NOT_TYPED

KEPT = timedelta(days=1)


def keep(kind, typed, shown, *, by):
    """Keep the form (a QueryDict) of an act and what was `shown` of it (anything that JSON knows); older ones of this person go."""
    mine = Preview.objects.filter(membership=by)
    mine.filter(shown_at__lt=timezone.now() - KEPT).delete()
    values = {name: found for name, found in typed.lists() if name not in NOT_TYPED}
    return mine.create(kind=kind, typed=values, digest=_digest(shown), membership=by)


def get(pk, kind, *, by, locked=False):
    """The preview that this person (an `accounts.Membership`) was shown; one of another or of long ago is not there: `Http404`."""
    previews = Preview.objects.select_for_update(no_key=True) if locked else Preview.objects
    preview = previews.filter(pk=pk, kind=kind, membership=by, shown_at__gt=timezone.now() - KEPT).first()
    if preview is None:
        raise Http404
    return preview


def typed(preview):
    """The form as it was sent, as a QueryDict."""
    found = QueryDict(mutable=True)
    for name, values in preview.typed.items():
        found.setlist(name, values)
    return found


def shows(preview, shown):
    """Whether the page showed exactly this."""
    return preview.digest == _digest(shown)


def done(preview):
    preview.done_at = timezone.now()
    preview.save(update_fields=["done_at"])


def _digest(shown):
    return hashlib.blake2b(json.dumps(shown, cls=DjangoJSONEncoder).encode(), digest_size=32).hexdigest()
