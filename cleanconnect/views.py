"""What every room's pages share: an overview, a form, a confirmation before something goes."""

from django.contrib import messages
from django.core.paginator import InvalidPage
from django.db import IntegrityError, transaction
from django.forms import Form, Select
from django.http import HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.generic import CreateView, DeleteView, UpdateView
from django_filters.views import FilterView

from .pagination import OpenPaginator


class PartMixin:
    """Answer htmx with one part of the page (`part`, a block of the template); history and boosted requests get the page."""

    part = "results"

    def get_template_names(self):
        names = super().get_template_names()
        htmx = self.request.htmx
        if htmx and not htmx.boosted and not htmx.history_restore_request:
            return [f"{name}#{self.part}" for name in names]
        return names

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response


class Exportable:
    """A list that can be saved as a file; `sheet` (a `spreadsheets.Sheet`) says what is in it."""

    sheet = None

    def exported(self):
        """The rows of the file: those of the page, of all its pages, in the same order."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        can_export = self.sheet is not None and self.request.membership.may("exports.make")
        return super().get_context_data(**kwargs) | {"can_export": can_export}


class Overview(Exportable, PartMixin, FilterView):
    """A list that filters, sorts (`?sorteren=`) and pages (`?pagina=`) by its FilterSet."""

    paginate_by = 25
    paginator_class = OpenPaginator
    page_kwarg = "pagina"
    strict = False

    def get_filterset(self, filterset_class):
        filterset = super().get_filterset(filterset_class)
        for field in filterset.form.fields.values():
            look = "form-select" if isinstance(field.widget, Select) else "form-control"
            field.widget.attrs.setdefault("class", look)
        return filterset

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        filled = {name for name, value in self.request.GET.items() if value and name not in {"sorteren", "pagina", "meer", "per"}}
        return context | {"is_filtered": bool(filled)}

    def exported(self):
        return self.get_filterset(self.get_filterset_class()).qs

    def paginate_queryset(self, queryset, page_size):
        """As Django's, but a page number that is no page shows the first page: links grow old."""
        paginator = self.get_paginator(queryset, page_size)
        try:
            page = paginator.page(self.request.GET.get(self.page_kwarg) or 1)
        except (ValueError, OverflowError, InvalidPage):
            page = paginator.page(1)
        return paginator, page, page.object_list, page.has_previous() or page.has_next()


AS_A_BROWSER = ["get", "head", "post", "options"]  # Django's views also put and delete, the last without asking and for good


class Save:
    """A form page: errors answer 422 with what was typed, success says so and goes to the overview."""

    http_method_names = AS_A_BROWSER
    template_name = "form.html"

    def get_cancel_url(self):
        """Where *Annuleren* goes."""
        return self.success_url

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"cancel_url": self.get_cancel_url()}

    def form_valid(self, form):
        try:
            with transaction.atomic():
                response = super().form_valid(form)
        except IntegrityError:  # somebody saved the same a moment earlier, after the form was checked
            form.add_error(None, _("Iemand anders sloeg op hetzelfde moment hetzelfde op. Controleer uw invoer en probeer het nog eens."))
            return self.form_invalid(form)
        messages.success(self.request, self.saved_message())
        return response

    def saved_message(self):
        return _("%(thing)s is opgeslagen.") % {"thing": self.object}

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Needs:
    """A form page that is of no use until something else exists: then it says what (`needs_template`) and leads there."""

    needs = None  # the rows of which there must be one

    def get_template_names(self):
        return super().get_template_names() if self.needs.all().exists() else [self.needs_template]


class Create(Save, CreateView):
    pass


class Edit(Save, UpdateView):
    pass


class Delete(DeleteView):
    """Asks first; then deletes, or archives what is in use (`Archivable.remove`)."""

    http_method_names = AS_A_BROWSER
    template_name = "confirm_delete.html"

    def get_form_class(self):
        return Form  # a room's `form_class` is for what it creates and edits

    def form_valid(self, form):
        if self.remove() == "archived":
            messages.info(self.request, _("%(thing)s is in gebruik en is daarom gearchiveerd.") % {"thing": self.object})
        else:
            messages.success(self.request, _("%(thing)s is verwijderd.") % {"thing": self.object})
        return HttpResponseRedirect(self.get_success_url())

    def remove(self):
        return self.object.remove()
