"""What only the holder of a login does: prove that an address is the own one, and accept or refuse what companies ask."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import ProtectedError

from cleanconnect.tenancy.context import company, person

from .members import empty_login, remove_member
from .models import Company, Membership, User


def confirm_address(user):
    """The holder of the address opened a link that was mailed to it, and sets the own password now.

    The first time, what others prepared goes: an authenticator app that was connected before would keep the holder out.
    Another login that confirmed this address before stays the one of this address.
    """
    if not user.email or user.has_confirmed_address:
        return
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    address, _is_new = EmailAddress.objects.get_or_create(user=user, email=user.email)
    if address.set_verified():
        address.set_as_primary()


@transaction.atomic
def change_address(user, email):
    """The holder has another e-mail address from now on; it is confirmed by the next personal link that is mailed to it."""
    if email == user.email:
        return
    EmailAddress.objects.filter(user=user).delete()
    user.email = email
    user.save(update_fields=["email"])


def invitations(user):
    """The memberships that companies offer this person, with their companies, oldest first."""
    with person(user.pk):
        return list(Membership.objects.filter(user=user, is_pending=True).select_related("company").order_by("created_at", "pk"))


def _invitation(user, company_id):
    return Membership.objects.select_for_update(no_key=True).filter(user=user, company_id=company_id, is_pending=True).first()


@transaction.atomic
def accept(user, company_id):
    """Become a member of the company that asked; whether it still did."""
    with company(company_id):
        membership = _invitation(user, company_id)
        if membership is None:
            return False
        membership.is_pending = False
        membership.save(update_fields=["is_pending"])
    return True


@transaction.atomic
def decline(user, company_id):
    """Refuse the company that asked; one that somebody signed up at this person's address, and where nobody else is, goes with it."""
    with company(company_id):
        membership = _invitation(user, company_id)
        if membership is None:
            return False
        membership.delete()
        if not Membership.objects.exists():
            try:
                with transaction.atomic():
                    Company.objects.get(pk=company_id).delete()
            except ProtectedError:
                pass  # it holds something already
    return True


def holder_of(user):
    """Another login that confirmed the address of this one, which nobody took yet: its holder's own. None when there is none."""
    holder = User.objects.holder(user.email)
    return holder if holder and holder != user and not user.has_own_password else None


@transaction.atomic
def hand_to_holder(user):
    """What companies gave this login, which nobody took yet, they ask of the holder's own login instead.

    Whoever calls this opened a link that was mailed to the address of both.
    """
    holder = holder_of(user)
    with person(user.pk):
        company_ids = list(Membership.objects.filter(user=user).values_list("company_id", flat=True))
    for company_id in company_ids:
        with company(company_id):
            membership = Membership.objects.select_for_update(no_key=True).get(user=user)
            if Membership.objects.filter(user=holder).exists():
                remove_member(membership)
                continue
            membership.user, membership.is_pending = holder, True
            membership.pin, membership.offline_key, membership.pin_is_own = "", "", False
            membership.save()
    empty_login(user)
