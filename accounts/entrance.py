"""Views before and around the login: the public page, signing up, personal links, choosing a company, the own account."""

from allauth.account.views import LoginView
from allauth.core import ratelimit
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from cleanconnect import once
from cleanconnect.links import back_to
from cleanconnect.permissions import requires
from cleanconnect.tasks import nudge
from cleanconnect.tenancy.context import person
from cleanconnect.views import Edit

from . import limits
from .backends import COMPANY_COOKIE, COMPANY_COOKIE_AGE
from .cards import login_card_response
from .forms import AskPasswordForm, ChangePasswordForm, CompanySettingsForm, FirstPasswordForm, OwnAddressForm, PersonalLinkForm, SignUpForm
from .holding import accept, change_address, decline, hand_to_holder, holder_of, invitations
from .limits import from_here
from .links import tokens
from .local_mail import newest_mails
from .members import JustTaken
from .models import Company, Membership, PasswordRequest
from .signing_up import sign_up
from .tasks import answer_password_requests


@login_not_required
@transaction.non_atomic_requests
def home(request):
    return render(request, "accounts/home.html")


def start(request):
    """Where someone arrives after logging in: the cars of today, the work orders, the invoices, or the guide in a new company."""
    if request.membership is None:
        return redirect("choose-company")
    if request.membership.may("company.edit") and request.membership.company.start_guide_done_at is None:
        return redirect("start-guide")
    if not request.membership.may("workorders.view"):
        return redirect("invoicing:overview")
    in_the_hall = request.membership.may("quality.check") and not request.membership.may("workorders.manage")
    return redirect("quality:today" if in_the_hall else "workorders:overview")


@login_not_required
@once.public
def sign_up_company(request):
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if not request.was_sent:
                if limited := ratelimit.consume_or_429(request, action="signup"):
                    return limited
                sign_up(**form.cleaned_data)
        except JustTaken as error:
            form.add_error("email", str(error))
        else:
            context = {"email": form.cleaned_data["email"], "local": settings.MAIL_STAYS_LOCAL}
            return once.done(render(request, "accounts/signed_up.html", context))
    return render(request, "accounts/sign_up.html", {"form": form}, status=422 if form.errors else 200)


class Login(LoginView):
    """Klantlogin; the browser remembers of which company the user name was (`COMPANY_COOKIE`)."""

    def form_valid(self, form):
        response = super().form_valid(form)
        number = form.user.username.rpartition(".")[2]
        if number.isdecimal():
            options = {"max_age": COMPANY_COOKIE_AGE, "httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
            response.set_cookie(COMPANY_COOKIE, number, **options)
        return response

    def form_invalid(self, form):
        is_limited = any(error.code == "too_many_login_attempts" for error in form.non_field_errors().as_data())
        return self.render_to_response(self.get_context_data(form=form), status=429 if is_limited else 422)


@login_not_required
def password_forgotten(request):
    """The same answer, after the same time, whether or not there is such a user (OWASP Forgot Password): a worker looks."""
    form = AskPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data["login"].strip()
        if limited := ratelimit.consume_or_429(request, action="reset_password", key=from_here(request, asked)):
            return limited
        PasswordRequest.objects.create(login=asked)
        nudge(answer_password_requests)
        return render(request, "accounts/password_asked.html", {"local": settings.MAIL_STAYS_LOCAL})
    return render(request, "accounts/password_forgotten.html", {"form": form}, status=422 if form.errors else 200)


@method_decorator(login_not_required, name="dispatch")
class PersonalLink(PasswordResetConfirmView):
    """Choosing the own password by a mailed link; who has a login with that address already adds the company to that one."""

    template_name = "accounts/personal_link.html"
    form_class = PersonalLinkForm
    token_generator = tokens
    success_url = reverse_lazy("account_login")

    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs) if limits.consume(request, "reset_password_from_key") else respond_429(request)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"holder": context.get("validlink") and holder_of(self.user)}

    def post(self, request, *args, **kwargs):
        if holder_of(self.user) is None:
            return super().post(request, *args, **kwargs)
        hand_to_holder(self.user)
        del request.session[INTERNAL_RESET_SESSION_TOKEN]
        return redirect("invitations")

    def form_valid(self, form):
        messages.success(self.request, _("Uw wachtwoord is ingesteld. Log nu in."))
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@login_not_required
def local_mail(request):
    """The mails of an installation without a mail server, so that a newcomer can open the links in them."""
    if not settings.MAIL_STAYS_LOCAL or settings.PRODUCTION:
        raise Http404
    return render(request, "accounts/local_mail.html", {"mails": newest_mails()})


def own_password(request):
    """Wachtwoord wijzigen: asks the old one, unless somebody else typed that and the holder has just logged in with it."""
    user = request.user
    form_class = FirstPasswordForm if user.must_change_password else ChangePasswordForm
    form = form_class(user, request.POST or None)
    guess = request.method == "POST" and limits.consume(request, "change_password")
    if guess is None:
        return respond_429(request)
    if guess and "old_password" not in form.errors:
        guess.rollback()
    if guess and form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        messages.success(request, _("Uw wachtwoord is gewijzigd."))
        return redirect("start")
    return render(request, "accounts/own_password.html", {"form": form}, status=422 if form.errors else 200)


def own_address(request):
    """E-mailadres wijzigen: asks the password, with the limits of guessing the old one."""
    form = OwnAddressForm(request.user, request.POST if request.method == "POST" else None, initial={"email": request.user.email})
    guess = request.method == "POST" and limits.consume(request, "change_password")
    if guess is None:
        return respond_429(request)
    if guess and "old_password" not in form.errors:
        guess.rollback()
    if guess and form.is_valid():
        change_address(request.user, form.cleaned_data["email"])
        messages.success(request, _("Uw e-mailadres is gewijzigd. U logt er voortaan mee in."))
        return redirect("start")
    return render(request, "accounts/own_address.html", {"form": form}, status=422 if form.errors else 200)


def own_invitations(request):
    """Uitnodigingen: companies that ask whether someone will be their user."""
    return render(request, "accounts/invitations.html", {"invitations": invitations(request.user)})


@require_POST
def accept_invitation(request, pk):
    if not accept(request.user, pk):
        raise Http404
    request.session["company_id"] = pk
    return redirect("start")


@require_POST
def decline_invitation(request, pk):
    if not decline(request.user, pk):
        raise Http404
    messages.success(request, _("De uitnodiging is geweigerd."))
    return redirect("invitations")


def choose_company(request):
    """Kies een bedrijf: for someone who belongs to more than one, or is asked by another."""
    with person(request.user.pk):
        memberships = list(Membership.objects.active().filter(user=request.user).select_related("company").order_by("company__name"))
    return render(request, "accounts/choose_company.html", {"memberships": memberships, "invitations": invitations(request.user)})


@once.repeatable
@require_POST
def enter_company(request, pk):
    with person(request.user.pk):
        membership = Membership.objects.active().filter(user=request.user, company_id=pk).first()
    if membership is None:
        raise Http404
    request.session["company_id"] = membership.company_id
    return redirect("start")


@once.repeatable
@requires("own_language")
@require_POST
def own_language(request):
    """The language in which an employee reads the screens of the hall."""
    chosen = request.POST.get("language")
    if chosen in dict(settings.LANGUAGES):
        request.membership.language = chosen
        request.membership.save(update_fields=["language"])
    return back_to(request.POST.get("terug", ""), otherwise="start")


@requires("own_account")
def login_card(request):
    return login_card_response(request, request.membership, back="start")


@requires("company.edit")
class CompanyEdit(Edit):
    form_class = CompanySettingsForm
    success_url = reverse_lazy("company-edit")
    template_name = "accounts/company_edit.html"
    title = gettext_lazy("Bedrijfsgegevens")

    def get_object(self):
        return Company.objects.get(pk=self.request.membership.company_id)


@requires("own_account")
@cache_control(private=True, max_age=86400)
def company_logo(request):
    logo = request.membership.company.logo
    if not logo or not default_storage.exists(logo.name):
        raise Http404
    return FileResponse(default_storage.open(logo.name), content_type="image/png")


@requires("own_account")
@cache_control(private=True, max_age=86400)
def company_style(request):
    """The company's colour as a style sheet: the content security policy allows no inline styles."""
    colour = request.membership.company.colour
    return HttpResponse(f":root {{ --brand: {colour}; --brand-text: {readable_on(colour)}; }}\n", content_type="text/css")


def readable_on(colour):
    """Black or white, whichever has the higher contrast on `#rrggbb` (WCAG 2.1 relative luminance)."""

    def linear(channel):
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#fff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000"
