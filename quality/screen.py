from django.conf import settings
from jinja2 import pass_context

from cleanconnect.jinja import for_page
from quality.replay import actor_token


@for_page
@pass_context
def shift_token(context, membership):
    """What the page of a tablet says of who works there."""
    return actor_token(context["request"], membership)


@for_page
def photo_max():
    """How many bytes a photo may have."""
    return settings.PHOTO_MAX_BYTES
