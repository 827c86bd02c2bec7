"""What templates everywhere need; loaded as builtins, so no `load` line is needed."""

from functools import cache

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cleanconnect import money, once, permissions

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_value(context):
    """The token of this page: the same in all its forms, because one that is masked anew in every row cannot be compressed."""
    request = context.get("request")
    if request is None:
        return context.get("csrf_token", "")
    if not hasattr(request, "csrf_value"):
        request.csrf_value = str(context.get("csrf_token", ""))
    return request.csrf_value


@register.simple_tag(takes_context=True)
def csrf_token(context):
    """Django's own, and the key by which the same form sent twice is known (`cleanconnect/once.py`)."""
    token = CsrfTokenNode().render({"csrf_token": csrf_value(context)})
    if not token or "request" not in context:
        return token
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, once.FIELD, once.key_of(context["request"]))


@register.filter
def euro(amount):
    return money.euro(amount)


@register.filter
def duration(minutes):
    """Minutes as people say them: `45 min`, `1 u 30`; a dash for None."""
    if minutes in (None, ""):
        return "–"
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s u %(minutes)02d") % {"hours": hours, "minutes": rest} if rest else _("%(hours)s u") % {"hours": hours}


@register.inclusion_tag("components/errors.html")
def errors(field):
    """What was refused of a field that a template draws by hand; Django's own `aria-describedby` names it."""
    return {"field": field}


@register.simple_tag
def invalid(field):
    """The attributes of one of the boxes of a choice that a template draws by hand, as Django gives a refused field's."""
    return format_html(' aria-invalid="true" aria-describedby="{}_error"', field.auto_id) if field.errors else ""


@register.filter
def is_outdated(form):
    """Whether something was refused that the page itself sent along, so that nobody can mend it at a field."""
    return any(field.errors for field in form.hidden_fields())


@register.filter
def may(membership, permission):
    """Whether the one who looks has a permission of `cleanconnect/permissions.py`."""
    return permissions.may(membership, permission)


@cache
def _icon_address(name):
    return f"{static('icons.svg')}#{name}"


@register.simple_tag
def icon(name, label=""):
    """A Bootstrap icon from the sprite; give a label when it stands alone, so that it can be read aloud."""
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, _icon_address(name))
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', _icon_address(name))


@register.simple_tag(takes_context=True)
def sort_header(context, label, parameter):
    """A column heading that sorts: the first click up, the second down; `parameter` is the value of `?sorteren=`."""
    query = context["request"].GET.copy()
    now = query.get("sorteren", "")
    query.pop("pagina", None)
    query["sorteren"] = f"-{parameter}" if now == parameter else parameter
    direction = {parameter: "ascending", f"-{parameter}": "descending"}.get(now, "none")
    arrow = {"ascending": "caret-up-fill", "descending": "caret-down-fill"}.get(direction)
    return format_html(
        '<th scope="col" aria-sort="{}"><a class="sort" href="?{}" title="{}">{}{}</a></th>',
        direction,
        query.urlencode(),
        _("Sorteer op %(column)s") % {"column": label.lower()},
        label,
        icon(arrow) if arrow else "",
    )
