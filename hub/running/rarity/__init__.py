"""How rare words are in what every member of staff may read: counted as the index is written, told with each search."""

from hub.running.rarity.counting import bring_up_to_date, note
from hub.running.rarity.table import VERSION, rarity_of

__all__ = ["VERSION", "bring_up_to_date", "note", "rarity_of"]
