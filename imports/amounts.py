"""Amounts in text are read by their whole column: 45.000 is much or little by how the other cells write their cents."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from .columns import COLUMNS
from .values import amount, decimal_sign


@dataclass(frozen=True)
class Doubtful:
    """A cell with an amount that can mean two things, for when its whole column has been read."""

    cell: str


class Amounts:
    """How the columns with amounts write them: as the person says, or as their cells that leave no doubt do."""

    def __init__(self, found):
        self.told = found.decimal_signs
        self.seen = {column.key: set() for column in COLUMNS[found.kind] if column.is_amount}

    def look(self, key, cell):
        self.seen[key].add(decimal_sign(cell))

    def settle(self, rows):
        """Read what was in doubt; returns `[(row, key, message), …]` of what still is."""
        signs = {}
        for key, seen in self.seen.items():
            clear = seen - {None}
            signs[key] = self.told.get(key) or (clear.pop() if len(clear) == 1 else None)
        problems = []
        for row in rows:
            for key, value in row.values.items():
                if isinstance(value, Doubtful):
                    try:
                        row.values[key] = amount(value.cell, signs[key])
                    except ValidationError as error:
                        problems += [(row.number, key, text) for text in error.messages]
        return problems
