"""Overdracht: the customer signs on the tablet for the car, and the order is delivered."""

import base64
import binascii
import io

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cleanconnect.forms import TwoColumns
from cleanconnect.permissions import requires
from cleanconnect.quotas import clean_photo

from .models import Handover, WorkOrder
from .photos import picture
from .status import NotAllowed, Place, move

PREFIX = "data:image/png;base64,"
LONGEST = 400_000  # signs; a drawing of a screen wide is a tenth of it


class Drawn(forms.HiddenInput):
    """What is drawn on a canvas: its input is hidden, but somebody fills it in and is told at it what is wrong."""

    is_hidden = False


class HandoverForm(TwoColumns, forms.Form):
    """Who takes the car, and the drawing of a signature as the browser's canvas gives it."""

    wide = ("name",)
    elsewhere = ("signature",)
    name = forms.CharField(label=_("Naam van wie de auto meeneemt"), max_length=100)
    signature = forms.CharField(
        label=_("Handtekening"), widget=Drawn, error_messages={"required": _("Laat eerst tekenen in het vak hieronder.")}
    )

    def clean_signature(self):
        """The signature as a picture of ours."""
        drawn = self.cleaned_data["signature"]
        try:
            if not drawn.startswith(PREFIX) or len(drawn) > LONGEST:
                raise ValueError
            data = base64.b64decode(drawn.removeprefix(PREFIX), validate=True)
        except (ValueError, binascii.Error):
            raise ValidationError(_now("De handtekening is niet goed aangekomen; laat opnieuw tekenen.")) from None
        return clean_photo(InMemoryUploadedFile(io.BytesIO(data), None, "handtekening.png", "image/png", len(data), None), at_once=True)


@requires("quality.check")
def hand_over(request, pk):
    order = get_object_or_404(WorkOrder.objects.finished().for_overview().prefetch_related("lines"), pk=pk)
    form = HandoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _sign(order, form.cleaned_data, request.membership)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _now("%(order)s is afgeleverd.") % {"order": order})
            return redirect("workorders:detail", order.pk)
    return render(request, "workorders/handover.html", {"order": order, "form": form}, status=422 if form.errors else 200)


def _sign(order, data, by):
    """Keep the signature and deliver the order; the file goes again when that fails."""
    signed = Handover(order=order, name=data["name"], signature=data["signature"], handed_over_by=by)
    try:
        with transaction.atomic():
            signed.save()
            move(order, WorkOrder.Status.DELIVERED, by=by, place=Place.TABLET)
    except Exception:
        signed.signature.delete(save=False)
        raise


@requires("workorders.view")
@require_safe
@cache_control(private=True, max_age=86400)
def signature(request, pk):
    return picture(get_object_or_404(Handover, pk=pk).signature)
