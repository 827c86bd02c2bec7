from allauth.account.adapter import DefaultAccountAdapter

from .limits import from_here


class AccountAdapter(DefaultAccountAdapter):
    """allauth logs people in; accounts are made by owners and by signing up a company."""

    def is_open_for_signup(self, request):
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """By name and address of the network: allauth counts by name, and so lets a stranger keep somebody out."""
        return from_here(request, super()._get_login_attempts_cache_key(request, **credentials))

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """No toast for logging in and out: the page itself shows it."""
