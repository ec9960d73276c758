"""A map without tiles: the place, the communes around it at their true bearing, a scale."""

from dataclasses import dataclass
from math import cos, hypot, radians

from deployments.models import Deployment
from territory.models import Commune

WIDTH, HEIGHT, MARGIN = 320.0, 200.0, 34.0
KM_PER_DEGREE = 111.2
# How far one looks for a town everybody knows.
WITHIN_KM = 30
MOST_TOWNS = 6
CANDIDATES = 24
LABEL_HEIGHT, LETTER_WIDTH = 13.0, 5.6
# Lengths of the scale, in kilometres, the longest that fits.
SCALES = (20, 10, 5, 2, 1)


@dataclass(frozen=True)
class Mark:
    """A point of the drawing, in its own units from the top left."""

    name: str
    x: float
    y: float
    is_target: bool = False
    # Written to the left of the point, near the right edge.
    is_flipped: bool = False

    @property
    def label_x(self) -> float:
        return self.x + (-7 if self.is_flipped else 7)


@dataclass(frozen=True)
class Sketch:
    marks: tuple[Mark, ...]
    scale_km: int
    scale_length: float
    width: float = WIDTH
    height: float = HEIGHT


def sketch_of(deployment: Deployment) -> Sketch | None:
    """Where an action takes place; nothing when nobody knows the position."""
    commune, place = deployment.commune, deployment.place
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    center = (commune.latitude, commune.longitude)
    target, name = center, commune.name
    if place and place.latitude is not None and place.longitude is not None:
        target, name = (place.latitude, place.longitude), place.name
    return draw(target, name, [(each.name, _point(each)) for each in _around(commune, center)])


def _point(commune: Commune) -> tuple[float, float]:
    return float(commune.latitude or 0), float(commune.longitude or 0)


def _around(commune: Commune, center: tuple[float, float]) -> list[Commune]:
    latitude, longitude = center
    high = WITHIN_KM / KM_PER_DEGREE
    wide = high / cos(radians(latitude))
    near = Commune.objects.filter(
        latitude__range=(latitude - high, latitude + high),
        longitude__range=(longitude - wide, longitude + wide),
    )
    return list(near.exclude(pk=commune.pk).order_by("-population", "pk")[:CANDIDATES])


Town = tuple[str, tuple[float, float]]


def draw(target: tuple[float, float], name: str, towns: list[Town]) -> Sketch:
    """Lay out the target in the middle and the first towns whose names do not run over others."""
    offsets = [(town, _kilometres(target, point)) for town, point in towns]
    reach = max((hypot(*offset) for _, offset in offsets[:MOST_TOWNS]), default=5.0) or 5.0
    unit = min((WIDTH / 2 - MARGIN) / reach, (HEIGHT / 2 - MARGIN / 2) / reach)
    marks = [_mark(name, (0, 0), unit, is_target=True)]
    for town, offset in offsets:
        mark = _mark(town, offset, unit)
        inside = MARGIN / 2 < mark.y < HEIGHT - MARGIN / 2 and 0 < mark.x < WIDTH
        if inside and len(marks) <= MOST_TOWNS and not any(_overlap(mark, each) for each in marks):
            marks.append(mark)
    scale = next((km for km in SCALES if km * unit < WIDTH / 3), SCALES[-1])
    return Sketch(tuple(marks), scale, round(scale * unit, 1))


def _kilometres(origin: tuple[float, float], point: tuple[float, float]) -> tuple[float, float]:
    """East and north of `origin`: flat enough at this distance."""
    east = (point[1] - origin[1]) * KM_PER_DEGREE * cos(radians(origin[0]))
    return east, (point[0] - origin[0]) * KM_PER_DEGREE


def _mark(name: str, offset: tuple[float, float], unit: float, *, is_target: bool = False) -> Mark:
    x = WIDTH / 2 + offset[0] * unit
    y = HEIGHT / 2 - offset[1] * unit
    is_flipped = x + 7 + len(name) * LETTER_WIDTH > WIDTH
    return Mark(name, round(x, 1), round(y, 1), is_target, is_flipped)


def _overlap(one: Mark, other: Mark) -> bool:
    return abs(one.y - other.y) < LABEL_HEIGHT and (
        _left(one) < _right(other) and _left(other) < _right(one)
    )


def _left(mark: Mark) -> float:
    return mark.x - (7 + len(mark.name) * LETTER_WIDTH if mark.is_flipped else 7)


def _right(mark: Mark) -> float:
    return mark.x + (7 if mark.is_flipped else 7 + len(mark.name) * LETTER_WIDTH)
