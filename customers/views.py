from django.contrib import messages
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.cards import login_card_response
from accounts.members import MemberError
from cleanconnect.permissions import requires
from cleanconnect.views import Create, Delete, Edit, Needs, Overview

from . import sheets
from .filters import CustomerFilter, CustomerTypeFilter
from .forms import BranchForm, ContactForm, CustomerForm, CustomerTypeForm, NewCustomerForm
from .leaving import remove_customer
from .models import Branch, Contact, Customer, CustomerType
from .registering import change, create, register


class Types:
    model = CustomerType
    queryset = CustomerType.objects.active()
    form_class = CustomerTypeForm
    success_url = reverse_lazy("customers:type-overview")


@requires("customers.manage")
class TypeCreate(Types, Create):
    title = _("Type klant aanmaken")
    lead = _("Bijvoorbeeld zakelijk, particulier, nieuw of bestaand.")


@requires("customers.manage")
class TypeOverview(Overview):
    sheet = sheets.TYPES
    filterset_class = CustomerTypeFilter
    template_name = "customers/type_overview.html"

    def get_queryset(self):
        in_use = Count("customers", filter=Q(customers__archived_at=None))
        return CustomerType.objects.active().annotate(customer_count=in_use).order_by(Lower("name"))


@requires("customers.manage")
class TypeEdit(Types, Edit):
    title = _("Type klant bewerken")


@requires("customers.manage")
class TypeDelete(Types, Delete):
    pass


class Customers:
    model = Customer
    queryset = Customer.objects.active()
    form_class = CustomerForm
    success_url = reverse_lazy("customers:overview")


@requires("customers.manage")
class CustomerCreate(Customers, Needs, Create):
    form_class = NewCustomerForm
    title = _("Klant aanmaken")
    lead = _("Kies eerst om wat voor soort klant het gaat.")
    template_name = "customers/form.html"
    needs = CustomerType.objects.active()
    needs_template = "customers/needs_type.html"

    def form_valid(self, form):
        password, by = form.cleaned_data["password"], self.request.membership
        if not password:
            return self.saved(create(form.instance, by=by))
        try:
            membership = register(form.instance, password=password, by=by)
        except MemberError as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        mailed, by_hand = _now("%(name)s is opgeslagen en ontvangt de inloggegevens per e-mail."), _now("%(name)s is opgeslagen.")
        messages.success(self.request, (mailed if membership.user.email else by_hand) % {"name": form.instance})
        return self.card(membership, password)

    def saved(self, customer):
        messages.success(self.request, _now("%(name)s is opgeslagen.") % {"name": customer})
        return HttpResponseRedirect(self.success_url)

    def card(self, membership, password):
        """The klantenkaart with the password; it says that someone who had a login already keeps the own one."""
        return login_card_response(self.request, membership, password, back="customers:overview")


@requires("customers.manage")
class CustomerOverview(Overview):
    sheet = sheets.CUSTOMERS
    filterset_class = CustomerFilter
    template_name = "customers/overview.html"
    queryset = Customer.objects.select_related("type").order_by(Lower("name"), "pk")


@requires("customers.manage")
class CustomerEdit(Customers, Edit):
    title = _("Klant bewerken")
    template_name = "customers/edit.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "logins": self.object.memberships.select_related("user").order_by("name", "pk"),
            "contacts": self.object.contacts.select_related("branch"),
            "branches": self.object.branches.active(),
        }

    def form_valid(self, form):
        change(form.instance, form.changes(), by=self.request.membership)
        messages.success(self.request, _now("%(name)s is opgeslagen.") % {"name": form.instance})
        return HttpResponseRedirect(self.get_cancel_url())

    def get_cancel_url(self):
        return reverse("customer-file", args=[self.object.pk])


@requires("customers.manage")
class CustomerDelete(Customers, Delete):
    template_name = "customers/confirm_delete.html"

    def remove(self):
        return remove_customer(self.object, by=self.request.membership)


class OfCustomer:
    """A page about something of one customer, which the address names; saved, it goes back to the customer."""

    def get_queryset(self):
        return self.queryset.filter(customer__archived_at=None)

    def get_success_url(self):
        return reverse("customers:edit", args=[self.object.customer_id])

    get_cancel_url = get_success_url


class NewOfCustomer(OfCustomer):
    def get_form_kwargs(self):
        self.customer = get_object_or_404(Customer.objects.active(), pk=self.kwargs["customer_pk"])
        return super().get_form_kwargs() | {"instance": self.model(customer=self.customer)}

    def get_cancel_url(self):
        return reverse("customers:edit", args=[self.customer.pk])


class Branches:
    model, form_class, queryset = Branch, BranchForm, Branch.objects.active()


class Contacts:
    model, form_class, queryset = Contact, ContactForm, Contact.objects.all()


@requires("customers.manage")
class BranchCreate(Branches, NewOfCustomer, Create):
    title = _("Vestiging toevoegen")


@requires("customers.manage")
class BranchEdit(Branches, OfCustomer, Edit):
    title = _("Vestiging bewerken")


@requires("customers.manage")
class BranchDelete(Branches, OfCustomer, Delete):
    pass


@requires("customers.manage")
class ContactCreate(Contacts, NewOfCustomer, Create):
    title = _("Contactpersoon toevoegen")


@requires("customers.manage")
class ContactEdit(Contacts, OfCustomer, Edit):
    title = _("Contactpersoon bewerken")


@requires("customers.manage")
class ContactDelete(Contacts, OfCustomer, Delete):
    def remove(self):
        self.object.delete()
        return "deleted"
