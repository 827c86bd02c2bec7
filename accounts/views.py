"""Gebruikers: who may log in to this company."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cleanconnect.permissions import requires
from cleanconnect.views import Create, Delete, Edit, Overview

from . import mails, sheets
from .cards import login_card_response
from .filters import MembershipFilter
from .forms import EditMembershipForm, NewMembershipForm, NewPasswordForm
from .members import AlreadyMember, MemberError, add_member, change_login, change_member, give_password, remove_member
from .models import Membership


class Members:
    model = Membership
    context_object_name = "member"  # `membership` is who looks
    success_url = reverse_lazy("accounts:overview")

    def get_queryset(self):
        return Membership.objects.select_related("user", "customer", "company")


@requires("users.manage")
class MemberOverview(Overview):
    sheet = sheets.MEMBERS
    filterset_class = MembershipFilter
    template_name = "accounts/overview.html"
    queryset = Membership.objects.select_related("user", "customer").order_by("-is_active", "name", "pk")


@requires("users.manage")
class MemberCreate(Members, Create):
    form_class = NewMembershipForm
    title = _("Gebruiker aanmaken")

    def form_valid(self, form):
        fields = {name: form.cleaned_data[name] for name in ("role", "name", "customer", "email", "username", "password")}
        try:
            membership = add_member(**fields)
        except MemberError as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        messages.success(self.request, self.saved_message_for(membership))
        password = form.cleaned_data["password"]
        if password:
            return login_card_response(self.request, membership, password)
        return HttpResponseRedirect(self.success_url)

    def saved_message_for(self, membership):
        if membership.user.email:
            return _("%(name)s is opgeslagen en ontvangt de inloggegevens per e-mail.") % {"name": membership}
        return _("%(name)s is opgeslagen.") % {"name": membership}


@requires("users.manage")
class MemberEdit(Members, Edit):
    form_class = EditMembershipForm
    template_name = "accounts/edit.html"
    title = _("Gebruiker bewerken")

    def form_valid(self, form):
        data = form.cleaned_data
        try:
            with transaction.atomic():
                change_login(form.instance, username=data.get("username", ""), email=data["email"])
                change_member(form.instance, role=data["role"], customer=data["customer"], is_active=data["is_active"])
        except MemberError as error:
            form.add_error("email" if isinstance(error, AlreadyMember) else None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s is opgeslagen.") % {"name": form.instance})
        return HttpResponseRedirect(self.success_url)


@requires("users.manage")
class MemberDelete(Members, Delete):
    template_name = "accounts/confirm_delete.html"

    def form_valid(self, form):
        is_waiting = self.object.is_waiting
        try:
            outcome = remove_member(self.object)
        except MemberError as error:
            messages.error(self.request, str(error))
            return HttpResponseRedirect(self.success_url)
        if outcome == "archived":
            messages.info(
                self.request, _("%(name)s staat bij werk uit het verleden en is daarom op niet actief gezet.") % {"name": self.object}
            )
        else:
            text = _("De uitnodiging van %(name)s is ingetrokken.") if is_waiting else _("%(name)s is verwijderd.")
            messages.success(self.request, text % {"name": self.object})
        return HttpResponseRedirect(self.success_url)


@requires("users.manage")
@require_POST
def resend_login(request, pk):
    membership = get_object_or_404(Membership.objects.filter(is_active=True).select_related("user", "company"), pk=pk)
    if membership.user.email:
        mails.invitation(membership)
        messages.success(request, _("De inloggegevens worden opnieuw verstuurd aan %(email)s.") % {"email": membership.user.email})
    else:
        messages.error(request, _("Deze gebruiker heeft geen e-mailadres."))
    return redirect("accounts:edit", pk)


@requires("users.manage")
def new_password(request, pk):
    """The owner gives someone of this company a first password, for the card."""
    membership = get_object_or_404(Membership.objects.select_related("user", "company"), pk=pk)
    form = NewPasswordForm(request.POST or None, user=membership.user)
    if request.method == "POST" and form.is_valid():
        try:
            give_password(membership, form.cleaned_data["password"])
        except MemberError as error:
            form.add_error(None, str(error))
        else:
            return login_card_response(request, membership, form.cleaned_data["password"])
    return render(request, "accounts/new_password.html", {"form": form, "member": membership}, status=422 if form.errors else 200)


@requires("users.manage")
def card(request, pk):
    """The klantenkaart without a password."""
    membership = get_object_or_404(Membership.objects.select_related("user", "company"), pk=pk)
    return login_card_response(request, membership)
