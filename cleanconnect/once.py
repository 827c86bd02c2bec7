"""The same form sent twice does one thing: pressed twice, sent again after a lost answer, or in twelve requests at one moment.

Every form of every page carries a key, which `csrf_input` writes (`screen.py`). A POST with a key first writes
down the digest of who sends what; the same one meanwhile waits for it by the unique digest, in the database and so over any number of
machines. When the first did what it was for (it redirects, or its view says so with `done`) the second gets its answer; when it did
not, nothing stays. What differs in one letter is another form, so that *terug*, a change and *Opslaan* loses nothing.
"""

import hashlib
import json
import secrets
from datetime import timedelta

from django.contrib import messages
from django.db import connection
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from .models import SentForm

FIELD = "formulier"
KEYS = (FIELD, "concept")  # a new work order has the key of its draft too
NOT_TYPED = {FIELD, "csrfmiddlewaretoken"}  # what a page puts into a form by itself
KEPT = timedelta(days=7)


def key_of(request):
    """The key of all forms of the page that answers this request."""
    if not hasattr(request, "form_key"):
        request.form_key = secrets.token_urlsafe(12)
    return request.form_key


def repeatable(view):
    """Decorator for a view of which the same form may mean it again, such as choosing a language."""
    view.repeatable = True
    return view


def public(view):
    """Decorator for a form that creates something for someone who is not logged in; others of those mean what they say each time."""
    view.sent_once = True
    return view


def done(response, location=""):
    """The response of a view that did what it was for without a redirect; the same form again is sent to `location`.

    Without one the view is called again, with `request.was_sent`, and answers without doing it again.
    """
    response.done_at = location
    return response


def forget():
    """Delete what nobody sends again any more."""
    SentForm.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()


class OnceMiddleware:
    """Stands within the transaction of the request: what a view did and that its form was sent are one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.was_sent, request.sent_digest = False, None
        response = self.get_response(request)
        if request.sent_digest and response.status_code < 500 and not connection.needs_rollback:
            location = _location(response)
            sent = SentForm.objects.filter(digest=request.sent_digest)
            if location is None:
                sent.delete()
            elif location:
                sent.update(location=location)
        return response

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not (request.method == "POST" and any(request.POST.get(key) for key in KEYS) and _counts(request, view_func)):
            return None
        digest = _digest(request)
        if _is_first(digest):
            request.sent_digest = digest
            return None
        location = SentForm.objects.filter(digest=digest).values_list("location", flat=True).first()
        if not location:
            request.was_sent = True
            return None
        messages.info(request, _("Dit was al gedaan; het is niet nog eens gedaan."))
        return HttpResponseClientRedirect(location) if request.htmx else HttpResponseRedirect(location)


def _counts(request, view):
    view = getattr(view, "view_class", view)
    if view.__module__.startswith("allauth.") or hasattr(view, "repeatable"):
        return False
    return request.membership is not None or hasattr(view, "sent_once")


def _digest(request):
    """Who sends what, where; a file counts with its bytes."""
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    digest = hashlib.blake2b(digest_size=32)
    membership = request.membership.pk if request.membership else None
    digest.update(json.dumps([request.user.pk, membership, request.get_full_path(), typed]).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(json.dumps([name, file.name, file.size]).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def _is_first(digest):
    """Write the form down; waits for another request that is busy with the same one."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(SentForm._meta.db_table)
        cursor.execute(
            f"INSERT INTO {table} (digest, location, sent_at) VALUES (%s, '', statement_timestamp()) ON CONFLICT DO NOTHING", [digest]
        )
        return cursor.rowcount == 1


def _location(response):
    """Where the answer of a form that did what it was for leads to; None when it did not."""
    if hasattr(response, "done_at"):
        return response.done_at
    if response.status_code in {301, 302, 303}:
        return response.url
    return response.headers.get("HX-Redirect")
