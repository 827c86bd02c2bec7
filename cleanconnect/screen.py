"""What the templates of every room use: filters, functions, and what the forms of a page need."""

from functools import cache

from crispy_forms.templatetags import crispy_forms_field as kinds
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_errors, as_crispy_field, as_crispy_form, optgroups
from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.middleware.csrf import get_token
from django.template import defaultfilters
from django.templatetags import static as files
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import localize as in_words
from django.utils.functional import lazy
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from jinja2 import pass_context

from cleanconnect import money, once, permissions

from .jinja import folded, for_filter, for_page

for name in ("capfirst", "filesizeformat", "floatformat", "linebreaks", "linebreaksbr", "truncatechars", "urlize"):
    for_filter(defaultfilters.register.filters[name], name)  # Django's own escape by themselves what is no markup yet
for_filter(json_script)
for_filter(money.euro)
for_filter(permissions.may)
for kind in (kinds.is_checkbox, kinds.is_checkboxselectmultiple, kinds.is_file, kinds.is_radioselect, kinds.is_select, optgroups):
    for_filter(kind)  # for templates/bootstrap5/field.html
for_filter(as_crispy_field, "field")
for_filter(as_crispy_errors, "form_errors")
for_filter(as_crispy_form, "fields")
for_filter(render_crispy_form, "crispy")


@for_filter
def date(moment, how=None):
    """A day or moment in local time, as Django's `date` writes it."""
    return defaultfilters.date(timezone.template_localtime(moment), how)


@for_filter
def localize(value):
    """An amount, day or moment as people here write it."""
    return in_words(timezone.template_localtime(value))


@for_filter
def duration(minutes):
    """Minutes as people say them: `45 min`, `1 u 30`; a dash for None."""
    if minutes in (None, ""):
        return "–"
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    return _("%(hours)s u %(minutes)02d") % {"hours": hours, "minutes": rest} if rest else _("%(hours)s u") % {"hours": hours}


@for_filter
def with_class(field, names):
    """A field whose widget has these classes, as crispy-forms gives them: its own kind is one, and whether it was refused."""
    widget = field.field.widget
    for part in getattr(widget, "widgets", [getattr(widget, "widget", widget)]):
        classes, kind = part.attrs.get("class", "").split(), type(part).__name__.lower()
        if kind not in " ".join(classes):
            classes.append(kind)
        classes += [*names.split(), *(["is-invalid"] if field.errors else [])]
        part.attrs["class"] = " ".join(dict.fromkeys(classes))
    return field


@for_filter
def invalid(field):
    """The attributes of one of the boxes of a choice that a template draws by hand, as Django gives a refused field's."""
    return format_html(' aria-invalid="true" aria-describedby="{}_error"', field.auto_id) if field.errors else ""


@folded
def url(name, *args, **kwargs):
    return reverse(name, args=args, kwargs=kwargs)


@folded
def static(path):
    return files.static(path)


@cache
def _icon_address(name):
    return f"{static('icons.svg')}#{name}"


@folded
def icon(name, label=""):
    """A Bootstrap icon from the sprite; give a label when it stands alone, so that it can be read aloud."""
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, _icon_address(name))
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', _icon_address(name))


@for_page
def timestamp():
    """This moment, in seconds."""
    return int(timezone.now().timestamp())


@for_page
def languages():
    """`(code, own name)` of each language of the screen."""
    return [(code, translation.get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


@for_page
@pass_context
def querystring(context, **changes):
    """The query of this page with some values changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query or context["request"].GET else ""


@for_page
@pass_context
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


def forms(request):
    """Template context: `csrf_token`, the same in all forms of a page (one that differs in every row cannot be compressed), and
    `csrf_input`, which with it holds the key by which the same form sent twice is known (`cleanconnect/once.py`).
    """

    def token():
        if not hasattr(request, "csrf_value"):
            request.csrf_value = get_token(request)
        return request.csrf_value

    def hidden():
        return format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
            token(),
            once.FIELD,
            once.key_of(request),
        )

    return {"csrf_token": lazy(token, str)(), "csrf_input": lazy(hidden, SafeString)()}
