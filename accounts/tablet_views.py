"""The tablet's own entrance, and the owner's page of tablets and PINs."""

from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from cleanconnect import once
from cleanconnect.permissions import requires
from cleanconnect.tenancy import context

from . import limits
from .forms import NewPinForm, PairForm, PinForm, TabletForm
from .middleware import COOKIE, TABLET, USED_AT
from .models import Membership, Tablet
from .tablets import enter, must_choose_own_pin, new_code, opens_with_pin, pair, paired, people, read_code, revoke, set_pin

YEAR = 365 * 24 * 3600
SHOWN_CODE = "tablet_code"


def _held(request):
    """`(company id, tablet id, key)` from the tablet's cookie, or None."""
    parts = request.COOKIES.get(COOKIE, "").split(".", 2)
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts[:2]):
        return None
    return int(parts[0]), int(parts[1]), parts[2]


@login_not_required
@transaction.non_atomic_requests
@require_safe
@cache_control(max_age=3600)
def manifest(request):
    """What a tablet or telephone asks to install CleanConnect as an app (W3C Web Application Manifest)."""
    icons = [
        {"src": static(f"app-icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    about = {
        "name": "CleanConnect",
        "short_name": "CleanConnect",
        "lang": "nl",
        "id": "/tablet/",
        "start_url": reverse("tablet"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f6f8",
        "theme_color": "#0f5c7a",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")


@login_not_required
@transaction.non_atomic_requests
@require_safe
@cache_control(no_cache=True)
def service_worker(request):
    """The script that shows the pages of a shift when there is no connection; at the root, so that it may serve every page."""
    return render(request, "service_worker.js", content_type="text/javascript")


@login_not_required
@never_cache
def tablet(request):
    """The names of who works here; on a tablet that is not paired, the field for the code."""
    held = _held(request)
    if held:
        with context.company(held[0]):
            found = paired(held[1], held[2])
            if found:
                return render(request, "accounts/tablet_names.html", {"people": list(people()), "tablet": found, "sender": found.company})
    form = PairForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not limits.consume(request, "pair"):
        return respond_429(request)
    if request.method == "POST" and form.is_valid():
        code = read_code(form.cleaned_data["code"])
        if code:
            with context.company(code[0]):
                made = pair(code[1])
            if made:
                response = redirect("tablet")
                value = f"{code[0]}.{made[0].pk}.{made[1]}"
                options = {"max_age": YEAR, "httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
                response.set_cookie(COOKIE, value, **options)
                return response
        form.add_error("code", _("Deze code klopt niet of is verlopen. Vraag de eigenaar om een nieuwe."))
    response = render(request, "accounts/tablet_pair.html", {"form": form}, status=422 if form.errors else 200)
    if held:  # it was revoked: what it still holds goes
        response.delete_cookie(COOKIE)
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@once.repeatable
@never_cache
def pin(request, pk):
    """Four digits for the name that was tapped; right ones log that person in, for this company only."""
    held = _held(request)
    if held is None:
        return redirect("tablet")
    with context.company(held[0]):
        found = paired(held[1], held[2])
        person = people().filter(pk=pk).first() if found and pk < 2**63 else None
        if person is None:
            return redirect("tablet")
        form, status = PinForm(request.POST if request.method == "POST" else None), 200
        if request.method == "POST":
            status, guess = 422, limits.consume(request, "pin", key=f"{held[0]}.{held[1]}")
            if guess is None:
                return respond_429(request)
            if not opens_with_pin(person):
                form.add_error("pin", _("Kies eerst zelf een pincode: log in met uw eigen wachtwoord en open Mijn pincode."))
            elif form.is_valid():
                entered, left = enter(pk, form.cleaned_data["pin"])
                if entered:
                    guess.rollback()
                    if request.user.is_authenticated:
                        logout(request)
                    login(request, entered.user, backend=settings.AUTHENTICATION_BACKENDS[0])
                    request.session["company_id"], request.session[TABLET] = held[0], held[1]
                    request.session[USED_AT] = timezone.now().timestamp()
                    return redirect("start")
                if left:
                    form.add_error("pin", _("Dat is niet de juiste pincode. U kunt het nog %(left)s keer proberen.") % {"left": left})
                else:
                    form.add_error("pin", _("Deze naam is vergrendeld. De eigenaar geeft een nieuwe pincode."))
        details = {"form": form, "person": person, "sender": found.company, "is_locked": person.pin_failures >= 5}
        with override(person.language):
            return render(request, "accounts/tablet_pin.html", details, status=status)


@once.repeatable
@require_POST
def change_person(request):
    """*Wissel*: out, and back to the names."""
    logout(request)
    return redirect("tablet")


@requires("users.manage")
def tablets(request):
    """The owner's page: the tablets, a code for a new one, and who has a PIN."""
    form = TabletForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request.session[SHOWN_CODE] = new_code(form.save(commit=False))
        return redirect("accounts:tablets")
    context_data = {
        "form": form,
        "address": settings.SITE_URL + reverse("tablet"),
        "code": request.session.pop(SHOWN_CODE, "") if request.method == "GET" else "",
        "tablets": Tablet.objects.active(),
        "employees": Membership.objects.settled().who_may("own_pin").order_by("name"),
        "lock_minutes": request.membership.company.tablet_lock_minutes,
    }
    return render(request, "accounts/tablets.html", context_data, status=422 if form.errors else 200)


@requires("users.manage")
@require_POST
def revoke_tablet(request, pk):
    tablet = get_object_or_404(Tablet.objects.active(), pk=pk)
    revoke(tablet)
    messages.success(request, _("%(tablet)s is ingetrokken en komt er niet meer in.") % {"tablet": tablet})
    return redirect("accounts:tablets")


@requires("users.manage")
def member_pin(request, pk):
    """Pincode of an employee; a new one lets a locked name in again."""
    member = get_object_or_404(Membership.objects.settled().who_may("own_pin").select_related("user"), pk=pk)
    form = NewPinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and must_choose_own_pin(member):
        form.add_error(None, _("%(name)s is ook gebruiker van een ander bedrijf en kiest de pincode zelf.") % {"name": member})
    elif request.method == "POST" and form.is_valid():
        set_pin(member, form.cleaned_data["pin"])
        messages.success(request, _("De pincode van %(name)s is opgeslagen.") % {"name": member})
        return redirect("accounts:tablets")
    return render(request, "accounts/member_pin.html", {"form": form, "member": member}, status=422 if form.errors else 200)


@requires("own_pin")
def own_pin(request):
    """Mijn pincode: chosen by an employee, after logging in with the own password."""
    form = NewPinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        set_pin(request.membership, form.cleaned_data["pin"], is_own=True)
        messages.success(request, _("Uw pincode is opgeslagen. U opent er een gekoppelde tablet mee."))
        return redirect("start")
    return render(request, "accounts/own_pin.html", {"form": form}, status=422 if form.errors else 200)
