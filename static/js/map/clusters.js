// Points closer than a thumb are shown as one, with their number; opened, it shows them apart.
import { latLngBounds, layerGroup, marker } from "../../vendor/leaflet/leaflet.js";
import { makeBubble } from "./bubble.js";
import { iconOf, nameOf } from "./points.js";

const NEAR = 44; // pixels

// Each point joins the first group that is near, else begins one. Only the squares around are asked.
export function gather(points, place) {
  const squares = new Map();
  const groups = [];
  for (const point of points) {
    const at = place(point);
    const column = Math.floor(at.x / NEAR);
    const row = Math.floor(at.y / NEAR);
    const near = around(squares, column, row).find((group) => group.at.distanceTo(at) < NEAR);
    if (near) {
      near.points.push(point);
      continue;
    }
    const group = { at, points: [point] };
    groups.push(group);
    const key = `${column},${row}`;
    squares.set(key, [...(squares.get(key) ?? []), group]);
  }
  return groups;
}

function around(squares, column, row) {
  const sides = [-1, 0, 1];
  return sides.flatMap((x) => sides.flatMap((y) => squares.get(`${column + x},${row + y}`) ?? []));
}

export function showClusters(map, points, noun) {
  const layer = layerGroup().addTo(map);
  let shown = [];
  const gatherAt = (some, zoom) => gather(some, (point) => map.project(point, zoom));
  const markerOf = (point) => shown.find((group) => group.points.includes(point))?.marker;
  const focus = (point) => markerOf(point)?.getElement().focus({ preventScroll: true });
  const tell = makeBubble(map, focus);

  function enter(group) {
    const [first] = group.points;
    if (gatherAt(group.points, map.getMaxZoom()).length === 1) return tell(group.points);
    const bounds = latLngBounds(group.points);
    const zoom = Math.max(map.getBoundsZoom(bounds, false, [NEAR, NEAR]), map.getZoom() + 1);
    map.once("zoomend", () => focus(first));
    map.setView(bounds.getCenter(), Math.min(zoom, map.getMaxZoom()));
  }

  function mark(group) {
    const sign = marker(group.points[0], { icon: iconOf(group.points) }).addTo(layer);
    const name = nameOf(group.points, noun);
    sign.getElement().title = name;
    sign.getElement().setAttribute("aria-label", name);
    return sign.on("click", () => enter(group));
  }

  function draw() {
    const held = shown.find((group) => group.marker.getElement() === document.activeElement);
    layer.clearLayers();
    shown = gatherAt(points, map.getZoom());
    for (const group of shown) group.marker = mark(group);
    if (held) focus(held.points[0]);
  }

  map.on("zoomend", draw);
  draw();
  // Leaflet gives markers the role of a button, and only half its keys.
  map.getContainer().addEventListener("keydown", (event) => {
    if (!event.target.matches(".map__pin") || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.target.click();
  });
}
