"""Berichten: every mail of this company, with how its delivery stands."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DetailView

from cleanconnect.permissions import requires
from cleanconnect.views import Delete, Overview

from . import outbox, sheets, wording
from .events import by_key
from .filters import MessageFilter
from .forms import MailTextForm, ResendForm, ResendSeveralForm
from .models import Language, MailText, Message
from .strangers import held_until, was_just_sent

MOST_AT_ONCE = 500
WAITS = _lazy(
    "De mailtekst is opgeslagen. Er staat een link of adres in; daarom gaat hij uit zodra CleanConnect uw bedrijf heeft bekeken. "
    "Tot dan gaat onze tekst."
)


@requires("notifications.view")
class MessageOverview(Overview):
    sheet = sheets.MESSAGES
    filterset_class = MessageFilter
    template_name = "notifications/overview.html"
    queryset = Message.objects.defer("text")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "local": settings.MAIL_STAYS_LOCAL,
            "not_arrived": Message.objects.not_arrived().exists(),
        }


@requires("notifications.view")
class MessageDetail(DetailView):
    model = Message
    template_name = "notifications/detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"form": ResendForm(instance=self.object), "held_until": held_until(self.object)}


@requires("notifications.view")
@require_POST
@transaction.atomic
def resend(request, pk):
    message = get_object_or_404(Message.objects.select_for_update(no_key=True), pk=pk)
    form = ResendForm(request.POST, instance=message)
    if message.opens_a_login and not message.is_for_its_user:
        messages.error(request, _("Het e-mailadres van deze login is intussen gewijzigd; deze link wordt niet meer verstuurd."))
    elif was_just_sent(message):
        messages.info(request, _("Dit bericht is net verzonden. Wacht vijf minuten voordat u het opnieuw verzendt."))
    elif not message.is_resendable:
        messages.info(request, _("Dit bericht wacht al op verzending."))
    elif form.is_valid():
        outbox.resend(form.save(commit=False))
        messages.success(request, _("Het bericht aan %(name)s wordt opnieuw verzonden.") % {"name": message.to_name})
    else:
        return render(request, MessageDetail.template_name, {"object": message, "form": form, "held_until": None}, status=422)
    return redirect("notifications:detail", pk)


@requires("notifications.view")
@transaction.atomic
def resend_several(request):
    """Niet aangekomen: all that a mail server refused in the last thirty days, to send again at once."""
    rows = Message.objects.not_arrived().select_related("user").order_by("-created_at", "-pk")
    if request.method == "POST":
        rows = rows.select_for_update(no_key=True, of=("self",))
    rows = list(rows[: MOST_AT_ONCE + 1])
    is_all, rows = len(rows) <= MOST_AT_ONCE, [message for message in rows[:MOST_AT_ONCE] if message.is_resendable]
    form = ResendSeveralForm(request.POST if request.method == "POST" else None, among=rows)
    if form.is_valid():
        chosen = {message.pk for message in form.cleaned_data["messages"]}
        for message in rows:
            if message.pk in chosen:
                outbox.resend(message)
        messages.success(
            request,
            ngettext("%(count)s bericht wordt opnieuw verzonden.", "%(count)s berichten worden opnieuw verzonden.", len(chosen))
            % {"count": len(chosen)},
        )
        return redirect("notifications:overview")
    ticked = request.POST.getlist("messages") if form.is_bound else [str(message.pk) for message in rows if not message.is_bounced]
    for message in rows:
        message.is_ticked = str(message.pk) in ticked
    context = {"form": form, "rows": rows, "is_all": is_all, "most": MOST_AT_ONCE}
    return render(request, "notifications/resend_several.html", context, status=422 if form.errors else 200)


@requires("notifications.edit")
@require_safe
def mail_texts(request):
    """Mailteksten: of each mail and language whether it is ours or the company's own."""
    own = set(MailText.objects.values_list("event", "language"))
    rows = [
        {"event": event, "languages": [{"language": language, "is_own": (event, language) in own} for language in Language]}
        for event in by_key().values()
    ]
    return render(request, "notifications/mail_texts.html", {"rows": rows})


def _event_and_language(event, language):
    if event not in by_key() or language not in Language:
        raise Http404
    return by_key()[event], Language(language)


@requires("notifications.edit")
def mail_text(request, event, language):
    """One text with its words; *Voorbeeld* shows it filled in and saves nothing."""
    event, language = _event_and_language(event, language)
    own = MailText.objects.filter(event=event, language=language).first()
    subject, body = wording.wording(event, language)
    instance = own or MailText(event=event, language=language, subject=subject, body=body)
    form = MailTextForm(request.POST if request.method == "POST" else None, instance=instance)
    is_preview = "voorbeeld" in request.POST
    if request.method == "POST" and form.is_valid() and not is_preview:
        own, _is_new = MailText.objects.update_or_create(event=event, language=language, defaults=form.cleaned_data)
        if wording.waits_for_approval(own):
            messages.warning(request, WAITS)
        else:
            messages.success(request, _("De mailtekst is opgeslagen."))
        return redirect("notifications:mail-texts")
    shown = {name: form[name].value() or "" for name in ("subject", "body")} if not form.errors else None
    examples = wording.examples(event, request.membership.company)
    context = {
        "form": form,
        "own": own,
        "waits": WAITS if own and wording.waits_for_approval(own) else "",
        "event": event,
        "mail_language": language,  # `language` is what the screen is in
        "words": [(name, word.about) for name, word in event.words.items()],
        "preview": shown and {name: wording.fill(text, examples, language) for name, text in shown.items()},
    }
    return render(request, "notifications/mail_text.html", context, status=422 if form.errors else 200)


@requires("notifications.edit")
class MailTextDelete(Delete):
    """Back to our own text."""

    template_name = "notifications/confirm_default.html"
    success_url = reverse_lazy("notifications:mail-texts")

    def get_object(self):
        event, language = _event_and_language(self.kwargs["event"], self.kwargs["language"])
        return get_object_or_404(MailText, event=event, language=language)

    def remove(self):
        self.object.delete()
        return "deleted"
