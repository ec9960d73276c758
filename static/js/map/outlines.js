// The départements: their outlines, and their names from close enough.
import { divIcon, geoJSON, latLngBounds, marker } from "../../vendor/leaflet/leaflet.js";
import { feature } from "../../vendor/topojson-client/topojson.js";

const NAMED_FROM = 8; // zoom

export async function drawOutlines(map, address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const topology = await answer.json();
  const shapes = feature(topology, topology.objects.departements);
  geoJSON(shapes, { style: { className: "map__outline" }, interactive: false }).addTo(map);
  nameThem(map, shapes.features);
}

// In the middle of its largest piece: islands would draw it out to sea.
function middleOf({ type, coordinates }) {
  const pieces = type === "Polygon" ? [coordinates] : coordinates;
  const boxes = pieces.map(([edge]) => latLngBounds(edge.map(([lng, lat]) => [lat, lng])));
  const height = (box) => box.getNorth() - box.getSouth();
  return boxes.reduce((most, box) => (height(box) > height(most) ? box : most)).getCenter();
}

function nameThem(map, shapes) {
  const pane = map.createPane("names");
  pane.setAttribute("aria-hidden", "true");
  for (const { geometry, properties } of shapes) {
    const name = document.createElement("span");
    name.textContent = properties.nom.replace("'", "’");
    const icon = divIcon({ className: "map__name", html: name, iconSize: [0, 0] });
    const options = { icon, pane: "names", interactive: false, keyboard: false };
    marker(middleOf(geometry), options).addTo(map);
  }
  const show = () => (pane.hidden = map.getZoom() < NAMED_FROM);
  map.on("zoomend", show);
  show();
}
