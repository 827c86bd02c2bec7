"""Who may do what: the one table of roles, and the one line with which a view names its permission."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

OWNER, EMPLOYEE, CUSTOMER, BOOKKEEPER = "owner", "employee", "customer", "bookkeeper"
EVERYONE = {OWNER, EMPLOYEE, CUSTOMER, BOOKKEEPER}
ABOUT_THE_WORK = EVERYONE - {BOOKKEEPER}

MAY = {
    "own_account": EVERYONE,
    "own_language": {EMPLOYEE},  # of the screens of the hall; all others read Dutch
    "own_pin": {EMPLOYEE},  # who opens a tablet
    "own_days": {EMPLOYEE},  # whose days are planned; those of the owners while there is nobody else
    "company.edit": {OWNER},
    "users.manage": {OWNER},
    "notifications.view": {OWNER},
    "notifications.edit": {OWNER},
    "customers.manage": {OWNER},
    "vehicle_types.manage": {OWNER},
    "vehicles.view": ABOUT_THE_WORK,
    "services.manage": {OWNER},
    "prices.see": {OWNER, CUSTOMER, BOOKKEEPER},  # and employees where the owner switched that on, see `may`
    "checklists.manage": {OWNER},
    "quality.check": {OWNER, EMPLOYEE},
    "workorders.manage": {OWNER},
    "workorders.view": ABOUT_THE_WORK,
    "planning.view": {OWNER, EMPLOYEE},
    "planning.manage": {OWNER},
    "quotes.manage": {OWNER},
    "costs.see": {OWNER},
    "defects.view": ABOUT_THE_WORK,
    "invoicing.manage": {OWNER},
    "invoicing.view": {OWNER, CUSTOMER, BOOKKEEPER},
    "books.see": {OWNER, BOOKKEEPER},  # the bookkeeper reads, and takes files along
    "imports.manage": {OWNER},
    "exports.make": {OWNER, CUSTOMER, BOOKKEEPER},  # lists as files; a customer's hold its own rows
    "exports.everything": {OWNER},
}

# All that a session reaches that began with a PIN on a tablet: the work of the hall in that one company, and nothing of the person.
ON_A_TABLET = {"vehicles.view", "quality.check", "workorders.view", "planning.view", "defects.view"}
ADDRESSES_ON_A_TABLET = {
    *("home", "start", "manifest", "service-worker", "company-logo", "company-style", "own-language"),
    *("tablet", "tablet-pin", "tablet-change-person", "account_logout"),
}


def reached_on_a_tablet(view, name):
    """Whether a session that began with a PIN reaches this view, which has this full URL name."""
    return getattr(view, "permission", None) in ON_A_TABLET or name in ADDRESSES_ON_A_TABLET


def role_may(role, permission):
    """Whether this role has a permission from the table, whatever a company switched on beside it (see `may`)."""
    return role in MAY[permission]


def is_of_a_customer(role):
    """Whether who has this role belongs to a customer of the company, and sees the rows of that one only."""
    return role == CUSTOMER


def may(membership, permission):
    """Whether this `accounts.Membership` (or None for nobody) has a permission from the table."""
    if membership is None:
        return False
    if permission == "prices.see" and membership.role == EMPLOYEE:
        return membership.company.employees_see_prices
    return role_may(membership.role, permission)


def requires(permission):
    """Class or function decorator: only roles that `MAY` do this get in, others see a 403 page."""
    if permission not in MAY:
        raise ValueError(f"{permission} is not in the table of permissions")

    def decorate(view):
        if isinstance(view, type):
            view.dispatch = guarded(view.dispatch, takes_self=True)
            view.permission = permission
            return view
        return guarded(view, takes_self=False)

    def guarded(inner, takes_self):
        @wraps(inner)
        def guard(*args, **kwargs):
            request = args[1] if takes_self else args[0]
            if request.membership is None:
                return redirect("choose-company")
            if not may(request.membership, permission):
                raise PermissionDenied
            return inner(*args, **kwargs)

        guard.permission = permission
        return guard

    return decorate
