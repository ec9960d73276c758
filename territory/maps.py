"""What the maps of every room share: the places one jumps to, and the tiles if there are any."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpResponseBase

View = Callable[..., HttpResponseBase]

# What one wants to see at once: south, west, north, east.
JUMPS = (
    ("Hexagone", "41.3,-5.2,51.1,9.6"),
    ("Guadeloupe", "15.8,-61.85,16.55,-60.95"),
    ("Martinique", "14.37,-61.25,14.9,-60.78"),
    ("Guyane", "2.1,-54.65,5.8,-51.6"),
    ("La Réunion", "-21.4,55.2,-20.85,55.85"),
    ("Mayotte", "-13.02,44.98,-12.62,45.32"),
)


def map_frame() -> dict[str, object]:
    """What `components/map.html` draws around the points of a page."""
    return {"jumps": JUMPS, "tiles": settings.MAP_TILES}


def shows_tiles(view: View) -> View:
    """Lets the pages of a view, and no other, load the images of the tile server, if one is set."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.MAP_TILES:
            return view(*args, **kwargs)
        allow = csp_update({"img-src": [settings.MAP_TILES["origin"]]})
        return allow(view)(*args, **kwargs)

    return wrapper
