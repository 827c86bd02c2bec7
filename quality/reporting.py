"""A defect is kept and told to the customer, in one transaction, with the extra work that would mend it."""

from django.db import transaction

from . import mails
from .approvals import propose
from .models import Defect


def report(order, *, description, item=None, photo=None, photo_uid=None, kind="", place="", service=None, unit_price=None, by, at=None):
    """Note a defect (mankement), found at `at` or now, and post it to the customer.

    Returns it with `is_mailed` and `proposed` (an `Approval` or None). `photo` is a cleaned picture
    (`cleanconnect.uploads.clean_picture`), of which the files go again when the transaction fails; a `photo_uid` is a photo that the
    tablet sends later. With a `service` it is proposed as
    extra work at `unit_price`; then the customer gets one mail, about both.
    """
    defect = Defect(order=order, description=description, item=item, photo_uid=photo_uid, kind=kind, place=place, found_by=by)
    defect.found_at = at or defect.found_at
    with transaction.atomic():
        defect.put(photo)
        defect.save()
        defect.proposed = propose(defect, service, unit_price, by=by) if service else None
        is_asked = defect.proposed is not None and defect.proposed.state == defect.proposed.State.ASKED
        defect.is_mailed = defect.proposed.is_mailed if is_asked else mails.defect(defect) is not None
    return defect
