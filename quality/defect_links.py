"""The link in a mail about a defect: it opens the page of that one defect, without a login, until it expires or is revoked."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Company
from cleanconnect.links import is_signed, signature
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context
from workorders.photos import picture

from .models import Defect

VALID_FOR = timedelta(days=30)
KIND = "quality.defects"  # of its link


def link(defect):
    """The full address of the page of one defect."""
    path = reverse("defect-page", args=[defect.company_id, defect.pk, signature(KIND, defect.company_id, defect.pk)])
    return settings.SITE_URL + path


def works_until(defect):
    """When the link of this defect expires."""
    return defect.found_at + VALID_FOR


def _defect(pk):
    """The defect of a link, within the block of its company; a link that was revoked is no longer there."""
    return get_object_or_404(Defect.objects.select_related("order__vehicle__type"), pk=pk, link_revoked_at=None)


@login_not_required
@require_safe
@never_cache
def page(request, company_pk, pk, signature):
    """What was found, for who has the link."""
    if not is_signed(KIND, company_pk, pk, signature):
        raise Http404
    with context.company(company_pk):
        defect = _defect(pk)
        is_expired = works_until(defect) < timezone.now()
        details = {"defect": defect, "signature": signature, "is_expired": is_expired, "sender": Company.objects.get(pk=company_pk)}
        return render(request, "quality/defect_page.html", details, status=410 if is_expired else 200)


@login_not_required
@require_safe
@cache_control(private=True, max_age=3600)
def photo(request, company_pk, pk, signature):
    if not is_signed(KIND, company_pk, pk, signature):
        raise Http404
    with context.company(company_pk):
        defect = _defect(pk)
        if works_until(defect) < timezone.now():
            raise Http404
        return picture(defect.photo)


@requires("workorders.manage")
@require_POST
def revoke(request, pk):
    """*Link intrekken*, and giving it back."""
    defect = get_object_or_404(Defect, pk=pk)
    defect.link_revoked_at = None if defect.link_revoked_at else timezone.now()
    defect.save(update_fields=["link_revoked_at"])
    if defect.link_revoked_at:
        messages.success(request, _("De link in de mail over dit mankement werkt niet meer."))
    else:
        messages.success(request, _("De link in de mail over dit mankement werkt weer."))
    return redirect("workorders:detail", defect.order_id)
