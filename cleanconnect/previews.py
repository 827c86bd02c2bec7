"""What is confirmed is what was shown: the form of a preview is kept in the database, with a digest of what the page showed.

The page that confirms has no field that can be changed. It names the preview; the act makes its proposal anew from the kept form, and
when that is not what was shown any more (a price or a customer changed meanwhile) nothing is done and the new one is shown.
"""

import hashlib
import json
from datetime import timedelta

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from .models import Preview
from .once import NOT_TYPED

KEPT = timedelta(days=1)


def keep(kind, typed, shown, *, by):
    """Keep the form (a QueryDict) of an act and what was `shown` of it (anything that JSON knows); old ones of the company go."""
    Preview.objects.filter(shown_at__lt=timezone.now() - KEPT).delete()
    values = {name: found for name, found in typed.lists() if name not in NOT_TYPED}
    return Preview.objects.create(kind=kind, typed=values, digest=digest(shown), membership=by)


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


def typed_before(request, kind):
    """What was typed for the preview that the address names (`?voorbeeld=`), to be changed; None without one."""
    pk = request.GET.get("voorbeeld", "")
    if not (pk.isdecimal() and len(pk) < 19):
        return None
    try:
        return typed(get(pk, kind, by=request.membership))
    except Http404:
        return None


class ConfirmationPage(View):
    """The page between a form and what it does: shows the proposal of the kept form, and does exactly that when it is pressed.

    A proposal says with `shown()` what the page shows of it, in things that JSON knows, and with `can_be_done` whether there is
    anything to do. Raises `Http404` for a preview of somebody else, or of more than a day ago.
    """

    kind = template_name = None

    def get_kind(self):
        """The act, and what the address says of it."""
        return self.kind

    def get_form(self, typed):
        raise NotImplementedError

    def propose(self, form):
        raise NotImplementedError

    def get_form_page(self):
        """The address of the form."""
        raise NotImplementedError

    def get_page(self, preview):
        """The address of this page."""
        raise NotImplementedError

    def carry_out(self, form, proposal):
        """Do it; returns the response."""
        raise NotImplementedError

    def get_context_data(self, form, proposal):
        return {"form": form, "proposal": proposal}

    @classmethod
    def ask(cls, request, **kwargs):
        """Answer a form that is valid with this page; `kwargs` are those of its address."""
        page = cls()
        page.setup(request, **kwargs)
        return page._show(request.POST, page.propose(_valid(page.get_form(request.POST))))

    def get(self, request, pk, **kwargs):
        return self._answer(get(pk, self.get_kind(), by=request.membership))

    def post(self, request, pk, **kwargs):
        return self._answer(get(pk, self.get_kind(), by=request.membership, locked=True))

    def _answer(self, preview):
        change_page = f"{self.get_form_page()}?voorbeeld={preview.pk}"
        if preview.done_at:
            messages.info(self.request, _("Dit is al gedaan; het is niet nog eens gedaan."))
            return redirect(self.get_form_page())
        form = self.get_form(typed(preview))
        if not form.is_valid():  # its day has passed, or a choice is gone
            messages.warning(self.request, _("Wat u invulde kan intussen niet meer. Er is nog niets gedaan."))
            return redirect(change_page)
        proposal = self.propose(form)
        if preview.digest != digest(proposal.shown()):
            messages.warning(self.request, _("Er is intussen iets veranderd. Er is nog niets gedaan; kijk hieronder opnieuw."))
            return self._show(typed(preview), proposal)
        if self.request.method == "POST" and proposal.can_be_done:
            preview.done_at = timezone.now()
            preview.save(update_fields=["done_at"])
            return self.carry_out(form, proposal)
        context = self.get_context_data(form, proposal) | {"change_page": change_page}
        return render(self.request, self.template_name, context)

    def _show(self, typed, proposal):
        return redirect(self.get_page(keep(self.get_kind(), typed, proposal.shown(), by=self.request.membership)))


def _valid(form):
    if not form.is_valid():
        raise ValueError("only a valid form has a preview")
    return form


def digest(shown):
    return hashlib.blake2b(json.dumps(shown, cls=DjangoJSONEncoder).encode(), digest_size=32).hexdigest()
