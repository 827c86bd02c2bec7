from .damage import DamageMark, Handover, OrderPhoto
from .office import OrderDraft, SavedView
from .orders import Assignment, OrderChange, Priced, StatusChange, WorkOrder, WorkOrderLine, WorkSession, line_net, lines_net
from .photographed import Photographed, underway
from .planning import Bay, CalendarFeed, SpecialDay, WorkingDay

__all__ = [
    "Assignment",
    "Bay",
    "CalendarFeed",
    "DamageMark",
    "Handover",
    "OrderChange",
    "OrderDraft",
    "OrderPhoto",
    "Photographed",
    "Priced",
    "SavedView",
    "SpecialDay",
    "StatusChange",
    "WorkOrder",
    "WorkOrderLine",
    "WorkSession",
    "WorkingDay",
    "line_net",
    "lines_net",
    "underway",
]
