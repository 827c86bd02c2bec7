"""What stands in a cell, as people and Excel write it, made into a value; each raises a ValidationError in Dutch."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from cleanconnect.money import to_cents
from cleanconnect.texts import one_line
from customers.models import Country

EXCEL_BEGAN = date(1899, 12, 30)
YES, NO = {"ja", "j", "yes", "y", "true", "waar", "1", "x"}, {"nee", "n", "no", "false", "onwaar", "0", "-"}


def text(cell):
    """Text in one line; a number without the `.0` that Excel keeps."""
    if isinstance(cell, bool):
        return _("ja") if cell else _("nee")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%d-%m-%Y")
    return " ".join(one_line(str(cell)).split())


def long_text(cell):
    """As `text`, with its lines."""
    return "\n".join(text(line) for line in cell.strip().splitlines()) if isinstance(cell, str) else text(cell)


def number_as_text(cell):
    """A number that is really a name, such as a customer number; Excel's `6,1E+08` has lost its end."""
    found = text(cell)
    if re.fullmatch(r"\d[.,]\d+E\+\d+", found, re.IGNORECASE):
        raise ValidationError(
            _("Excel heeft dit nummer afgekort (%(value)s). Maak de kolom in Excel breder of van het type Tekst.") % {"value": found}
        )
    return found


def email(cell):
    found = text(cell)
    validate_email(found)
    return found


def phone(cell):
    """A telephone number; Excel drops the 0 in front."""
    found = number_as_text(cell)
    if re.fullmatch(r"[1-9]\d{8}", found):
        return f"0{found}"
    return f"+{found}" if re.fullmatch(r"31\d{9}", found) else found


def kvk_number(cell):
    found = re.sub(r"[ .-]", "", number_as_text(cell))
    return found.zfill(8) if found.isdecimal() and len(found) == 7 else found


class InDoubt(ValidationError):
    """An amount such as 45.000 that is forty-five or forty-five thousand; `decimal_sign` of its column tells which."""


def decimal_sign(cell):
    """The sign before the cents in text that leaves no doubt, "," or "."; else None."""
    found = _bare_amount(cell) if isinstance(cell, str) else ""
    if re.fullmatch(r"-?\d+,\d{1,2}|-?[1-9]\d{0,2}(\.\d{3})+,\d+|-?[1-9]\d{0,2}(\.\d{3}){2,}|-?0+,\d{3}", found):
        return ","
    if re.fullmatch(r"-?\d+\.\d{1,2}|-?[1-9]\d{0,2}(,\d{3})+\.\d+|-?[1-9]\d{0,2}(,\d{3}){2,}|-?0+\.\d{3}", found):
        return "."
    return None


def amount(cell, decimal=None):
    """An amount in euro: a number, or text as 1.234,50, 1234.5 or € 12. Of what is in doubt the cents stand behind `decimal`.

    A group of thousands never begins with 0: 0.500 is half a euro. Raises `InDoubt` for 45.000 without `decimal`.
    """
    if isinstance(cell, bool | date):
        raise ValidationError(_("Dit is geen bedrag: %(value)s.") % {"value": text(cell)})
    if isinstance(cell, int | float | Decimal):
        return _in_reach(Decimal(str(cell)))
    found = _bare_amount(cell)
    if re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", found):
        if decimal is None:
            raise InDoubt(
                _("Is %(value)s hier met of zonder duizendtallen bedoeld? Zeg het bij Kolommen aanpassen.") % {"value": text(cell)[:40]}
            )
    elif re.fullmatch(r"-?\d+", found):
        decimal = "."
    elif (decimal := decimal_sign(cell)) is None:
        raise ValidationError(_("Dit is geen bedrag: %(value)s. Schrijf het als 1234,50.") % {"value": text(cell)[:40]})
    thousands = "." if decimal == "," else ","
    return _in_reach(Decimal(found.replace(thousands, "").replace(decimal, ".")))


def _bare_amount(cell):
    """Without the sign of the euro and the dash for no cents."""
    return re.sub(r"(?i)€|eur|\s|,-+$|\.-+$", "", str(cell))


def _in_reach(value):
    if not value.is_finite() or abs(value) >= 100_000:
        raise ValidationError(_("Dit bedrag is te groot; het maximum is 99.999,99."))
    if value < 0:
        raise ValidationError(_("Een bedrag is hier nooit negatief."))
    return to_cents(value)


def whole_number(cell):
    try:
        value = Decimal(text(cell))
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= 30000:
        raise ValidationError(_("Dit is geen heel getal: %(value)s.") % {"value": text(cell)[:40]})
    return int(value)


def day(cell):
    """A date: Excel's own, its number of days, or text as 31-12-2025 or 2025-12-31."""
    found = _day(cell)
    if found is None:
        raise ValidationError(_("Dit is geen datum: %(value)s. Schrijf hem als 31-12-2025.") % {"value": text(cell)[:40]})
    return found


def _day(cell):
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool | time | timedelta):
        return None
    found = text(cell)
    if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", found):
        return EXCEL_BEGAN + timedelta(days=int(float(found)))
    found = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", found)
    for shape in ("%d-%m-%Y", "%Y-%m-%d", "%d-%m-%y"):
        try:
            return datetime.strptime(re.sub(r"[/.]", "-", found), shape).date()
        except ValueError:
            continue
    return None


def yes_or_no(cell):
    found = text(cell).casefold()
    if found in YES or found == _("ja"):
        return True
    if found in NO:
        return False
    raise ValidationError(_("Vul ja of nee in, geen %(value)s.") % {"value": text(cell)[:40]})


def choice(choices, **also):
    """A cleaner for one of the choices, by value or name; `also` maps a value to further names."""
    names = {str(name).casefold(): value for pair in choices.choices for value in pair[:1] for name in pair}
    names |= {name: value for value, more in also.items() for name in more}

    def clean(cell):
        found = text(cell).casefold()
        if found not in names:
            known = ", ".join(str(label) for label in choices.labels)
            raise ValidationError(_("%(value)s kennen we niet; kies uit: %(known)s.") % {"value": text(cell)[:40], "known": known})
        return names[found]

    return clean


country = choice(
    Country, NL=("nederland", "netherlands", "the netherlands", "holland", "nld"), BE=("belgie", "belgium", "b"), DE=("germany", "d")
)


def plate_country(cell):
    """The sign on the car: one to three letters, or the name of a country we know."""
    found = text(cell).upper()
    if re.fullmatch("[A-Z]{1,3}", found):
        return found
    return country(cell)


def vat_rate(cell):
    """21, 21%, 0,21 or `hoog`; Excel keeps 21% as 0.21."""
    found = text(cell).casefold().replace(" ", "").rstrip("%").replace(",", ".")
    rates = {
        "21": "21",
        "21.0": "21",
        "0.21": "21",
        "hoog": "21",
        "vrij": "E",
        "vrijgesteld": "E",
        "9": "9",
        "9.0": "9",
        "0.09": "9",
        "laag": "9",
        "0": "0",
        "0.0": "0",
        "geen": "0",
    }
    if found not in rates:
        raise ValidationError(_("Het btw-tarief is 21, 9 of 0, geen %(value)s.") % {"value": text(cell)[:40]})
    return rates[found]
