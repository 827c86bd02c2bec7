"""What the Django templates inside allauth and crispy-forms need of ours."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context):
    """Django's own, and the key by which the same form sent twice is known (`cleanconnect/once.py`)."""
    return context.get("csrf_input", "")


@register.filter
def is_outdated(form):
    """Whether something was refused that the page itself sent along, so that nobody can mend it at a field."""
    return any(field.errors for field in form.hidden_fields())
