"""Rows of a file become customers; the key is the customer number, and without one the name with what else is given."""

import re

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cleanconnect.identifiers import PostcodeField
from cleanconnect.validators import validate_postcode
from customers.duplicates import core_of, keys_of
from customers.models import Country, Customer, CustomerEvent, CustomerType, validate_reversal

from .planning import CHANGED, NEW, UNCHANGED, Doubt, Planner, by_name, check, insert, insert_new, named, next_numbers, update, updated

POSTCODE_DIGITS = dict.fromkeys(
    (Country.DE, Country.FR, Country.IT, Country.ES, Country.FI, Country.EE, Country.HR, Country.LT, Country.GR, Country.SE, Country.CZ), 5
) | {Country.RO: 6}
PRIVATE = ("particulier", "private")
ALIKE = ("postcode", "house_number", "email")  # tell namesakes apart where a file has no numbers


class CustomerPlanner(Planner):
    def prepare(self, rows):
        numbers = {row.values["number"] for row in rows if "number" in row.values}
        names = {row.values["name"].lower() for row in rows if "number" not in row.values}
        self.by_number = {found.number: found for found in Customer.objects.filter(number__in=numbers).select_related("type")}
        self.namesakes = {}
        for found in Customer.objects.active().annotate(key=Lower("name")).filter(key__in=names).select_related("type"):
            self.namesakes.setdefault(found.name.casefold(), []).append(found)
        self.types = by_name(CustomerType.objects.active())
        self.lookalikes, self.without_zeros = {}, {}
        if not self.takes_doubtful:
            self._prepare_doubts()

    def _prepare_doubts(self):
        """All that a new customer could be, those that are in use before others."""
        known = Customer.objects.filter(anonymised_at=None, merged_into=None).order_by(F("archived_at").asc(nulls_last=True), "-pk")
        for found in known.only("number", "name", "email", "kvk_number"):
            self.lookalikes |= dict.fromkeys(keys_of(name=found.name, email=found.email, kvk_number=found.kvk_number), found)
            self.without_zeros[found.number.lstrip("0")] = found

    def tidy(self, values):
        if values.get("postcode") and values.get("country", Country.NL) == Country.NL:
            values["postcode"] = PostcodeField(required=False).to_python(values["postcode"])
            try:
                validate_postcode(values["postcode"])
            except ValidationError as error:
                raise ValidationError({"postcode": error.messages}) from None

    def take(self, row):
        values = dict(row.values)
        type_name = values.pop("type", "")
        if "number" in values:
            self.once(values["number"], row, "number")
        found = self._known(values)
        if type_name and not (found and found.type.name.casefold() == type_name.casefold()):
            is_private = type_name.casefold().startswith(PRIVATE)
            values["type"] = named(CustomerType, type_name, self.types, is_private=is_private)
        if not found and "type" not in values:
            raise ValidationError({"type": _("Vul het type klant in, of kies er een voor alle rijen.")})
        customer, is_changed = updated(found or Customer(), values)
        check(customer, exclude={"type"})
        if is_changed and customer.vat_reversed:
            validate_reversal(customer.country, customer.vat_number)
        if is_changed and found and (found.archived_at or found.anonymised_at):
            raise ValidationError({"number": _said_of_gone(found)})
        if not self.takes_doubtful:
            self._doubt(customer, is_new=found is None)
        if "number" in values:
            self.saw(values["number"], row)
        if found is None:
            self.new.append(customer)
            self.namesakes.setdefault(customer.name.casefold(), []).append(customer)
            return NEW
        if is_changed:
            self.changed.append(customer)
        return CHANGED if is_changed else UNCHANGED

    def _doubt(self, customer, *, is_new):
        """Raise a `Doubt` when Excel seems to have taken zeros away, or when we seem to have this customer."""
        digits = POSTCODE_DIGITS.get(customer.country)
        if digits and re.fullmatch(rf"\d{{{digits - 2},{digits - 1}}}", customer.postcode):
            text = _("Een postcode in %(country)s heeft %(digits)s cijfers. Excel laat nullen vooraan weg: is dit %(postcode)s?")
            names = {"country": customer.get_country_display(), "digits": digits, "postcode": customer.postcode.zfill(digits)}
            raise Doubt({"postcode": text % names})
        if not is_new:
            return
        other = customer.number and self.without_zeros.get(customer.number.lstrip("0"))
        if other and core_of(other.name) == core_of(customer.name):
            text = _("Dit is waarschijnlijk klant %(number)s, %(name)s: Excel laat nullen vooraan weg.")
            raise Doubt({"number": text % {"number": other.number, "name": other.name}})
        keys = keys_of(name=customer.name, email=customer.email, kvk_number=customer.kvk_number)
        for key in sorted(keys & self.lookalikes.keys()):
            other = self.lookalikes[key]
            text = _("Deze klant lijkt er al te zijn: %(name)s, klantnummer %(number)s.")
            raise Doubt({key[0]: text % {"name": other.name, "number": other.number or "–"}})

    def _known(self, values):
        if "number" in values:
            return self.by_number.get(values["number"])
        alike = [
            found
            for found in self.namesakes.get(values["name"].casefold(), [])
            if all(not values.get(name) or getattr(found, name).casefold() == values[name].casefold() for name in ALIKE)
        ]
        if len(alike) > 1:
            raise ValidationError({"number": _("Er is meer dan één klant met deze naam; vul het klantnummer in.")})
        if alike and alike[0].pk is None:
            raise ValidationError({"name": _("Deze klant staat vaker in het bestand; vul een klantnummer in om ze uit elkaar te houden.")})
        return alike[0] if alike else None

    def write(self, progress):
        written = [*self.new, *self.changed]
        insert_new(CustomerType, (customer.type for customer in written))
        self._give_numbers()
        insert(Customer, self.new, progress)
        fields = {field.name for field in Customer._meta.concrete_fields} - {"id", "company", "created_at"}
        for customer in self.changed:
            customer.type = customer.type  # its key, when the type was made just now
        update(Customer, self.changed, fields)
        insert(
            CustomerEvent,
            [CustomerEvent(customer=customer, kind=CustomerEvent.Kind.IMPORTED, text=self.file_name, by=self.by) for customer in written],
        )

    def _give_numbers(self):
        """The next numbers for those without, past the numbers that people or the file gave."""
        nameless = [customer for customer in self.new if not customer.number]
        given = {customer.number for customer in self.new}
        while nameless:
            numbers = [str(number) for number in next_numbers("customer", len(nameless))]
            taken = given | set(Customer.objects.filter(number__in=numbers).values_list("number", flat=True))
            for number in numbers:
                if number not in taken:
                    nameless.pop(0).number = number


def _said_of_gone(customer):
    if customer.merged_into_id:
        return _("Deze klant is bij u opgegaan in een andere klant.")
    if customer.anonymised_at:
        return _("Deze klant is bij u geanonimiseerd.")
    return _("Deze klant is bij u gearchiveerd; zet hem eerst terug.")
