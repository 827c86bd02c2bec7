"""Overnemen van een ander soort voertuig: what would be made is shown first, and exactly that is made."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from cleanconnect import previews
from cleanconnect.permissions import requires

from .copying import Copy
from .forms import CopyForm


@requires("services.manage")
class CopyConfirmation(previews.ConfirmationPage):
    kind = "services.copy"
    template_name = "services/copy_preview.html"

    def get_form(self, typed):
        return CopyForm(typed)

    def propose(self, form):
        return Copy(**form.cleaned_data)

    def get_form_page(self):
        return reverse("services:copy")

    def get_page(self, preview):
        return reverse("services:copy-preview", args=[preview.pk])

    def carry_out(self, form, proposal):
        made, changed = proposal.carry_out()
        text = ngettext("%(made)s handeling is overgenomen", "%(made)s handelingen zijn overgenomen", made) % {"made": made}
        if changed:
            text += ngettext(", %(changed)s prijs is veranderd", ", %(changed)s prijzen zijn veranderd", changed) % {"changed": changed}
        messages.success(self.request, f"{text}.")
        return redirect(f"{reverse('services:overview')}?soort={proposal.target.pk}")


@requires("services.manage")
def copy(request):
    """From which vehicle type to which, and with what change of price."""
    typed = request.POST if request.method == "POST" else previews.typed_before(request, CopyConfirmation.kind)
    form = CopyForm(typed, initial={"target": request.GET.get("soort"), "source": request.GET.get("van")})
    if request.method == "POST" and form.is_valid():
        return CopyConfirmation.ask(request)
    return render(request, "services/copy.html", {"form": form}, status=422 if request.method == "POST" else 200)
