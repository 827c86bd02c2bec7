from django import template
from django.conf import settings

from quality.replay import actor_token

register = template.Library()


@register.simple_tag(name="actor_token", takes_context=True)
def actor_token_of(context, membership):
    return actor_token(context["request"], membership)


@register.simple_tag
def photo_max():
    """How many bytes a photo may have."""
    return settings.PHOTO_MAX_BYTES
