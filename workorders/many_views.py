"""Meer tegelijk: many cars of one customer; what is made is shown first, with prices and mistakes."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from cleanconnect import previews
from cleanconnect.permissions import requires

from .many import Many
from .many_forms import ManyForm


@requires("workorders.manage")
class ManyConfirmation(previews.ConfirmationPage):
    kind = "workorders.many"
    template_name = "workorders/many_preview.html"

    def get_form(self, typed):
        return ManyForm(typed)

    def propose(self, form):
        return Many(**form.cleaned_data)

    def get_form_page(self):
        return reverse("workorders:create-many")

    def get_page(self, preview):
        return reverse("workorders:many-preview", args=[preview.pk])

    def carry_out(self, form, proposal):
        count = len(proposal.take_in(by=self.request.membership))
        text = ngettext("%(count)s werkorder is opgeslagen.", "%(count)s werkorders zijn opgeslagen.", count)
        messages.success(self.request, text % {"count": count})
        return redirect("workorders:overview")


@requires("workorders.manage")
def create_many(request):
    typed = request.POST if request.method == "POST" else previews.typed_before(request, ManyConfirmation.kind)
    form = ManyForm(typed)
    if request.method == "POST" and form.is_valid():
        return ManyConfirmation.ask(request)
    context = {"form": form, "lacks_services": not form.fields["work"].choices}
    return render(request, "workorders/many.html", context, status=422 if request.method == "POST" else 200)
