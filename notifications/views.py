"""Berichten: every mail of this company, with how its delivery stands."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView

from cleanconnect.permissions import requires
from cleanconnect.views import Overview

from . import outbox, sheets
from .filters import MessageFilter
from .models import Message


@requires("notifications.view")
class MessageOverview(Overview):
    sheet = sheets.MESSAGES
    filterset_class = MessageFilter
    template_name = "notifications/overview.html"
    queryset = Message.objects.defer("text")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"local": settings.MAIL_STAYS_LOCAL}


@requires("notifications.view")
class MessageDetail(DetailView):
    model = Message
    template_name = "notifications/detail.html"


@requires("notifications.view")
@require_POST
@transaction.atomic
def resend(request, pk):
    message = get_object_or_404(Message.objects.select_for_update(), pk=pk)
    if message.state in {Message.State.SENT, Message.State.FAILED}:
        outbox.resend(message)
        messages.success(request, _("Het bericht aan %(name)s wordt opnieuw verzonden.") % {"name": message.to_name})
    else:
        messages.info(request, _("Dit bericht wacht al op verzending."))
    return redirect("notifications:detail", pk)
