"""The link in a mail about a defect: it opens the page of that one defect, without a login, until it expires or is revoked."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.link_pages import link_page
from cleanconnect.permissions import requires
from workorders.photos import picture

from .models import Defect

DEFECTS = Defect.objects.select_related("order__vehicle__type")


@require_safe
@link_page(DEFECTS)
def page(request, defect, sender):
    """What was found, for who has the link."""
    return render(request, "quality/defect_page.html", {"defect": defect, "sender": sender})


@require_safe
@link_page(DEFECTS)
def photo(request, defect, sender):
    return picture(defect.photo)


@requires("workorders.manage")
@require_POST
def revoke(request, pk):
    """*Link intrekken*, and giving it back."""
    defect = get_object_or_404(Defect.objects.select_for_update(no_key=True), pk=pk)
    defect.switch_link()
    if defect.link_revoked_at:
        messages.success(request, _("De link in de mail over dit mankement werkt niet meer."))
    else:
        messages.success(request, _("De link in de mail over dit mankement werkt weer."))
    return redirect("workorders:detail", defect.order_id)
