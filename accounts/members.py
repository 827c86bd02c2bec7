"""Letting people into a company, changing what they are there, and letting them go."""

import re
import unicodedata

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cleanconnect.permissions import role_may
from cleanconnect.tenancy.context import company, current_company_id, person

from . import mails
from .models import Company, Membership, User


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


class HoldersOwn(MemberError):
    def __init__(self):
        super().__init__(_("Wie een e-mailadres heeft, beheert de eigen login zelf. Stuur de inloggegevens opnieuw."))


class BelongsElsewhere(MemberError):
    def __init__(self):
        super().__init__(_("Deze persoon is ook gebruiker van een ander bedrijf en beheert de eigen login zelf."))


@transaction.atomic
def add_member(*, role, name, email="", username="", password="", customer=None):
    """Let someone into this company, and mail the login details where there is an address.

    An address that its holder confirmed has a login already: that one is left as it is, and the membership waits until its holder
    accepts it (`accept`). Anybody else gets a login of this company's own, whatever logins others gave that address.
    Raises `AlreadyMember` or `JustTaken`.
    """
    email = email.lower()
    _not_yet_member(email)
    holder = User.objects.holder(email)
    user = holder or _new_login(username or own_username(email.partition("@")[0] or name), email, password)
    membership = Membership.objects.create(user=user, role=role, name=name, customer=customer, is_pending=holder is not None)
    if user.email:
        mails.invitation(membership)
    return membership


def _not_yet_member(email):
    """Raises `AlreadyMember`; two who add the same person wait for each other."""
    Company.objects.select_for_update(no_key=True).get(pk=current_company_id())
    if email and Membership.objects.filter(user__email=email).exists():
        raise AlreadyMember


def _new_login(username, email, password=""):
    user = User(username=username, email=email, must_change_password=bool(password))
    user.set_password(password or None)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise JustTaken from None
    return user


def own_username(wish):
    """A user name nobody has, made from a name or address: `jansen.12`, else `jansen2.12`, `jansen3.12`… of company 12.

    The company's number is part of it, so that what is still free tells nobody who there is in other companies.
    """
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", ".", plain)[:30].strip(".") or "gebruiker"
    taken = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    taken = {username.lower() for username in taken}
    names = (with_company(f"{base}{number}") for number in ["", *range(2, len(taken) + 3)])
    return next(name for name in names if name not in taken)


def with_company(username):
    """The user name as this company gives it out: with the company's number behind it."""
    suffix = f".{current_company_id()}"
    return username if username.endswith(suffix) else username + suffix


@transaction.atomic
def change_member(membership, *, role, customer, is_active):
    """Change what someone is in this company; raises `LastOwner`."""
    _keep_an_owner(membership, stays=role_may(role, "users.manage") and is_active)
    membership.role, membership.customer, membership.is_active = role, customer, is_active
    membership.save()


@transaction.atomic
def remove_member(membership):
    """Take someone out of the company: gone without a trace, or inactive where history names them; raises `LastOwner`.

    Returns "deleted" or "archived". A login that belongs nowhere any more is emptied.
    """
    _keep_an_owner(membership, stays=False)
    user, is_theirs = membership.user, membership.is_pending
    try:
        with transaction.atomic():
            membership.delete()
    except ProtectedError:
        membership.is_active = False
        membership.save(update_fields=["is_active"])
        return "archived"
    if not is_theirs and not user.is_known_elsewhere(current_company_id()):
        empty_login(user)
    return "deleted"


def forget_member(membership):
    """As `remove_member`, and where history still names someone, the name and the login are emptied there."""
    if remove_member(membership) == "archived":
        membership.name = _now("Geanonimiseerd")
        membership.save(update_fields=["name"])
        if not membership.user.is_known_elsewhere(current_company_id()):
            empty_login(membership.user)


def empty_login(user):
    """Empty a login that belongs nowhere any more; its row stays, because messages of companies it once belonged to name it."""
    user.username, user.email, user.is_active = f"verwijderd-{user.pk}", "", False
    user.first_name = user.last_name = ""
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()


def _keep_an_owner(membership, *, stays):
    owners = list(Membership.objects.owners().order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if not stays and owners == [membership.pk]:
        raise LastOwner


@transaction.atomic
def give_password(membership, password):
    """Set a first password for someone who has no e-mail address to choose it by; raises `HoldersOwn` or `BelongsElsewhere`."""
    user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    if membership.is_pending or user.email:
        raise HoldersOwn
    if user.is_member_elsewhere(membership.company_id):
        raise BelongsElsewhere
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def change_login(membership, *, username, email):
    """Change the user name and address of a login that no holder has taken yet; raises `HoldersOwn`, `BelongsElsewhere`, `AlreadyMember`.

    Someone who has not come in yet is invited anew at the new address, as `add_member` does.
    """
    email = email.lower()
    user = User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    if email == user.email and (user.email or username == user.username):
        return
    if user.email and not membership.is_waiting:
        raise HoldersOwn
    if not membership.is_pending and user.is_member_elsewhere(membership.company_id):
        raise BelongsElsewhere
    if email != user.email:
        _not_yet_member(email)
    if user.email:
        _invite_anew(membership, email)
    else:
        user.username, user.email = username, email
        user.save(update_fields=["username", "email"])


def _invite_anew(membership, email):
    """Another address for someone who has not come in: of another person, as far as anybody knows."""
    before, was_pending = membership.user, membership.is_pending
    holder = User.objects.holder(email)
    membership.user = holder or _new_login(own_username(email.partition("@")[0] or membership.name), email)
    membership.is_pending = holder is not None
    membership.pin, membership.offline_key, membership.pin_is_own = "", "", False
    membership.save()
    if not was_pending and not before.is_known_elsewhere(membership.company_id):
        empty_login(before)
    mails.invitation(membership)


def ask_new_password(login):
    """Mail a personal link to who logs in with this name or address, where there is an address and a company.

    An address that nobody confirmed may have several logins; each gets a mail, which says what it is for.
    """
    named = User.objects.named(login)
    users = [named] if named else list(User.objects.of_address(login))
    if users and getattr(users[0], "is_confirmed", False):
        users = users[:1]
    for user in (user for user in users if user.email):
        with person(user.pk):
            membership = Membership.objects.active().filter(user=user).select_related("company", "user").first()
        if membership:
            with company(membership.company_id):
                if not mails.has_enough_links(user):
                    mails.password_reset(membership)
