"""Pages behind a link that somebody was given, for who has no login."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache

from cleanconnect.links import signed_number
from cleanconnect.tenancy import context

from .models import Company


def link_page(rows):
    """Decorator for a view `(request, row, sender)` of the page of a `cleanconnect.linked.Linked` row; it runs within its company.

    `rows` are those that a link opens. Who made the address up gets a 404; whose link worked once, and was answered long ago,
    expired or revoked since, a 410 that tells whom to ask and nothing of the row.
    """

    def decorate(view):
        @login_not_required
        @never_cache
        @wraps(view)
        def page(request, company_pk, pk, signature):
            number = signed_number(rows.model.link_kind, company_pk, pk, signature)
            if number is None:
                raise Http404
            with context.company(company_pk):
                sender = Company.objects.filter(pk=company_pk).first()
                if sender is None:
                    raise Http404
                # Who presses a button holds the row, so that it is not taken back between the look at the link and the answer.
                row = (rows.select_for_update(no_key=True, of=["self"]) if request.method == "POST" else rows).filter(pk=pk).first()
                if row is None or row.link_number != number or not row.link_works:
                    return ended(request, row, sender)
                return view(request, row, sender)

        return page

    return decorate


def ended(request, row, sender):
    """The answer to a link that works no more, in the language of who was given it; without a row in that of the product."""
    with override(row.link_language if row else settings.LANGUAGE_CODE):
        return render(request, "link_ended.html", {"sender": sender, "row": row}, status=410)
