"""Our pages are Jinja2, in a backend of Django's. Beside what Django's own has:

- An environment for each language, so that texts, icons and addresses that a template names in full are put in when it is compiled.
- `page.html#part` is one block of a page: what htmx refreshes.
- All that pages need by name: the functions and filters of each room's `screen.py`, and the macros of `templates/components/macros.html`.
"""

import re
from datetime import date, time
from decimal import Decimal

import jinja2
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.backends.base import BaseEngine
from django.template.backends.jinja2 import Origin, get_exception_info
from django.utils.functional import cached_property
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext, ngettext, override
from jinja2 import nodes
from jinja2.runtime import Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
COMPONENTS = "components/macros.html"
FILTERS, FUNCTIONS, FOLDED = {}, {}, {"_": gettext, "gettext": gettext}


def for_filter(function, name=""):
    """Decorator: a template writes `{{ value|name }}`."""
    FILTERS[name or function.__name__] = function
    return function


def for_page(function):
    """Decorator: a template writes `{{ name(…) }}`."""
    FUNCTIONS[function.__name__] = function
    return function


def folded(function):
    """Decorator for a function that always answers the same: with constants it is called when a template is compiled."""
    FOLDED[function.__name__] = function
    return for_page(function)


class Fold(NodeTransformer):
    """Puts the answer of a `folded` function in the place of a call with nothing but constants.

    One that cannot answer now, such as for a file that was not collected yet, is asked again where the page needs it: a mail shows none.
    """

    def visit_Call(self, node):
        self.generic_visit(node)
        function = FOLDED.get(getattr(node.node, "name", None))
        is_constant = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and all(isinstance(arg, nodes.Const) for arg in node.args)
        if function is None or not is_constant:
            return node
        try:
            answer = function(*(arg.value for arg in node.args))
        except Exception:
            return node
        return nodes.Const(Markup(answer) if hasattr(answer, "__html__") else str(answer), lineno=node.lineno)


class Absent(jinja2.ChainableUndefined):
    """What is not there is empty, and so are its parts: better a cell without a word than no page."""

    def __call__(self, *args, **kwargs):
        return self


class StrictUndefined(jinja2.ChainableUndefined, jinja2.StrictUndefined):
    """What is not there may be asked for its parts, and `|default` says what stands in for it; all else is a fault."""


@jinja2.pass_context
def refuse(context, value):
    """In tests it is a fault to show what was meant to be called, or an amount or a day as Python writes it."""
    is_ours = not (context.name or "").startswith("django/")
    is_meant_to_be_called = callable(value) and not isinstance(value, jinja2.Undefined)
    if is_meant_to_be_called or (is_ours and isinstance(value, Decimal | float | date | time)):
        raise TypeError(f"{context.name} shows {value!r}")
    return value


class Environment(jinja2.Environment):
    """All templates in one language."""

    def __init__(self, language, *, is_strict, **options):
        undefined, finalize = (StrictUndefined, refuse) if is_strict else (Absent, None)
        super().__init__(
            extensions=["jinja2.ext.i18n"],
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=undefined,
            finalize=finalize,
            cache_size=-1,
            **options,
        )
        self.language = language
        self.install_gettext_callables(gettext, ngettext)
        self.filters |= FILTERS
        self.globals |= FUNCTIONS | {"language": language}
        components = vars(self.get_template(COMPONENTS).module)
        self.globals |= {name: value for name, value in components.items() if isinstance(value, Macro)}

    def preprocess(self, source, name=None, filename=None):
        """How far a line is indented is for who reads the template; for a browser it is one space."""
        return super().preprocess(INDENT.sub(" ", source), name, filename)

    def _generate(self, source, *args, **kwargs):
        with override(self.language):
            return super()._generate(Fold().visit(source), *args, **kwargs)


class Backend(BaseEngine):
    """For `TEMPLATES` in the settings; with `strict` in its options it refuses what would only look wrong."""

    app_dirname = "jinja2"

    def __init__(self, params):
        options = params["OPTIONS"]
        super().__init__({name: value for name, value in params.items() if name != "OPTIONS"})
        self.is_strict, self.context_processors = options.get("strict", False), options.get("context_processors", [])
        self.environments = {}

    @cached_property
    def template_context_processors(self):
        return [import_string(path) for path in self.context_processors]

    @cached_property
    def loader(self):
        autodiscover_modules("screen")
        return jinja2.FileSystemLoader(self.template_dirs)

    @property
    def env(self):
        """The environment of the language that is spoken now."""
        language = get_language() or settings.LANGUAGE_CODE
        if language not in self.environments:
            self.environments[language] = Environment(language, is_strict=self.is_strict, loader=self.loader, auto_reload=settings.DEBUG)
        return self.environments[language]

    def from_string(self, template_code):
        return Template(self, lambda: self.env.from_string(template_code))

    def get_template(self, template_name):
        """Raises `TemplateDoesNotExist`, for a part that is not there too, so that Django's own templates are found after it."""
        name, _sign, part = template_name.partition("#")
        try:
            template = self.env.get_template(name)
        except jinja2.TemplateNotFound as fault:
            raise TemplateDoesNotExist(fault.name, backend=self) from fault
        except jinja2.TemplateSyntaxError as fault:
            raise syntax_error(fault) from fault
        if part and part not in template.blocks:
            raise TemplateDoesNotExist(template_name, backend=self)
        return Template(self, lambda: self.env.get_template(name), part)


class Template:
    """What a view renders: a template in the language of the moment, or one block of it."""

    def __init__(self, backend, load, part=""):
        self.backend, self.load, self.part = backend, load, part

    @property
    def template(self):
        return self.load()

    @property
    def origin(self):
        return Origin(name=self.template.filename, template_name=self.template.name)

    def render(self, context=None, request=None):
        context = context or {}
        request = request or context.get("request")
        page = {}
        if request is not None:
            for processor in self.backend.template_context_processors:
                page |= processor(request)
        page |= context
        try:
            return mark_safe(self._render(page))  # as Django's own templates answer: crispy-forms puts it into a page
        except jinja2.TemplateSyntaxError as fault:
            raise syntax_error(fault) from fault

    def _render(self, page):
        template = self.template
        if not self.part:
            return template.render(page)
        try:
            return "".join(template.blocks[self.part](template.new_context(page)))
        except Exception:
            template.environment.handle_exception()


def syntax_error(fault):
    """As Django's page for developers shows it."""
    error = TemplateSyntaxError(*fault.args)
    error.template_debug = get_exception_info(fault)
    return error
