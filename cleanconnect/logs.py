"""What is logged, without what people typed."""

import logging
import re

_DETAIL = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)


class WithoutValues(logging.Formatter):
    """PostgreSQL adds to an error which row it was about, with the values that somebody typed: they stay out of the log."""

    def format(self, record):
        return _DETAIL.sub(r"\1: (left out)", super().format(record))
