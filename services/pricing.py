"""Which price a customer pays for a handling."""

from .models import PriceAgreement


def prices_for(customer, services):
    """`{service.pk: price}` in euro excluding VAT: the customer's own price where agreed, else the list price (None: no price yet)."""
    agreed = {}
    if customer is not None:
        agreed = dict(PriceAgreement.objects.filter(customer=customer, service__in=services).values_list("service_id", "price"))
    return {service.pk: agreed.get(service.pk, service.price) for service in services}
