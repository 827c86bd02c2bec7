"""A defect is kept and told to the customer, in one transaction."""

from django.db import transaction

from . import mails
from .models import Defect


def report(order, *, description, item=None, photo=None, by):
    """Note a defect (mankement) and post it to the customer; returns it with `is_mailed`.

    `photo` is a cleaned picture (`cleanconnect.uploads.clean_picture`); its file goes again when the transaction fails.
    """
    defect = Defect(order=order, description=description, item=item, photo=photo or "", found_by=by)
    try:
        with transaction.atomic():
            defect.save()
            defect.is_mailed = mails.defect(defect) is not None
    except Exception:
        if photo:
            defect.photo.delete(save=False)
        raise
    return defect
