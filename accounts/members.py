"""Letting people into a company, changing what they are there, and letting them go."""

import re
import unicodedata

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect.tenancy.context import company, current_company_id, person

from . import mails
from .models import Membership, User


class MemberError(Exception):
    """A change that may not be; the message is for the screen."""


class AlreadyMember(MemberError):
    def __init__(self):
        super().__init__(_("Deze persoon is al gebruiker van uw bedrijf."))


class JustTaken(MemberError):
    def __init__(self):
        super().__init__(_("Deze gebruikersnaam of dit e-mailadres is op ditzelfde moment in gebruik genomen. Probeer het nog eens."))


class LastOwner(MemberError):
    def __init__(self):
        super().__init__(_("Dit is de laatste eigenaar; een bedrijf houdt er altijd één."))


class BelongsElsewhere(MemberError):
    def __init__(self):
        super().__init__(_("Deze persoon is ook gebruiker van een ander bedrijf en beheert de eigen login zelf."))


@transaction.atomic
def add_member(*, role, name, email="", username="", password="", customer=None):
    """Let someone into this company and mail the login details where there is an address.

    A known e-mail address joins the existing login, whose password stays as it is. Was that address never confirmed, or
    did an owner type the password, then someone else may know it: it stops working and only the mailed link opens the login.
    Raises `AlreadyMember` or `JustTaken`.
    """
    user = User.objects.select_for_update(no_key=True).filter(email__iexact=email).first() if email else None
    if user is None:
        user = User(username=username or free_username(email.partition("@")[0] or name), email=email)
        user.set_password(password or None)
        user.must_change_password = bool(password)
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:
            raise JustTaken from None
    else:
        if Membership.objects.filter(user=user).exists():
            raise AlreadyMember
        if not user.email_confirmed_at or user.must_change_password:
            _close(user)
    membership = Membership.objects.create(user=user, role=role, name=name, customer=customer)
    if user.email:
        mails.invitation(membership)
    return membership


def _close(user):
    user.set_unusable_password()
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])


def free_username(wish):
    """A user name nobody has, made from a name or address: `jansen`, else `jansen2`, `jansen3`…"""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", ".", plain)[:30].strip(".") or "gebruiker"
    taken = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    taken = {username.lower() for username in taken}
    return next(name for name in (f"{base}{number}" for number in ["", *range(2, len(taken) + 3)]) if name not in taken)


@transaction.atomic
def change_member(membership, *, role, customer, is_active):
    """Change what someone is in this company; raises `LastOwner`."""
    _keep_an_owner(membership, stays=role == Membership.Role.OWNER and is_active)
    membership.role, membership.customer, membership.is_active = role, customer, is_active
    membership.save()


@transaction.atomic
def remove_member(membership):
    """Take someone out of the company: gone without a trace, or inactive where history names them; raises `LastOwner`.

    Returns "deleted" or "archived". A login that belongs nowhere any more is emptied.
    """
    _keep_an_owner(membership, stays=False)
    user = membership.user
    try:
        with transaction.atomic():
            membership.delete()
    except ProtectedError:
        membership.is_active = False
        membership.save(update_fields=["is_active"])
        return "archived"
    if not user.is_member_elsewhere(current_company_id()):
        _forget(user)
    return "deleted"


def forget_member(membership):
    """As `remove_member`, and where history still names someone, the name and the login are emptied there."""
    if remove_member(membership) == "archived":
        membership.name = _now("Geanonimiseerd")
        membership.save(update_fields=["name"])
        if not membership.user.is_member_elsewhere(current_company_id()):
            _forget(membership.user)


def _forget(user):
    """Empty a login that belongs nowhere any more; its row stays, because messages of companies it once belonged to name it."""
    user.username, user.email, user.is_active = f"verwijderd-{user.pk}", "", False
    user.first_name = user.last_name = ""
    user.set_unusable_password()
    user.save()


def _keep_an_owner(membership, *, stays):
    owners = list(Membership.objects.owners().order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if not stays and owners == [membership.pk]:
        raise LastOwner


@transaction.atomic
def give_password(membership, password):
    """Set a first password for someone who belongs to this company only; raises `BelongsElsewhere`."""
    user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    if user.is_member_elsewhere(membership.company_id):
        raise BelongsElsewhere
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def change_login(membership, *, username, email):
    """Change the user name and address of someone who belongs to this company only; raises `BelongsElsewhere`.

    A new address is unconfirmed until its holder opens a personal link.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    if (user.username, user.email) == (username, email):
        return
    if user.is_member_elsewhere(membership.company_id):
        raise BelongsElsewhere
    if user.email.lower() != email.lower():
        user.email_confirmed_at = None
    user.username, user.email = username, email
    user.save(update_fields=["username", "email", "email_confirmed_at"])


def ask_new_password(login):
    """Mail a personal link to the user with this name or address, if there is one with an address and a company."""
    user = User.objects.filter(username__iexact=login).first() or User.objects.by_email(login)
    if user is None or not user.email:
        return
    with person(user.pk):
        membership = Membership.objects.active().filter(user=user).select_related("company", "user").first()
    if membership:
        with company(membership.company_id):
            mails.password_reset(membership)
