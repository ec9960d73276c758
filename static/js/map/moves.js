// Where the map looks: first at the points, then where the buttons lead.
import { circleMarker, latLngBounds } from "../../vendor/leaflet/leaflet.js";

const CLOSE = 9;

const boundsOf = (button) => {
  const [south, west, north, east] = button.dataset.jump.split(",").map(Number);
  return latLngBounds([south, west], [north, east]);
};

// The points of the first place of the buttons that holds some: overseas would shrink the rest.
export function showPoints(map, frame, points) {
  const places = [...frame.querySelectorAll("[data-jump]")].map(boundsOf);
  const place = places.find((one) => points.some((point) => one.contains(point)));
  const inside = points.filter((point) => !place || place.contains(point));
  const wanted = inside.length ? latLngBounds(inside) : places[0];
  map.fitBounds(wanted, { padding: [30, 30], maxZoom: CLOSE, animate: false });
}

export function offerMoves(map, frame, points, said) {
  for (const button of frame.querySelectorAll("[data-jump]")) {
    const bounds = boundsOf(button);
    const count = points.filter((point) => bounds.contains(point)).length;
    if (count) button.append(` (${count})`);
    button.addEventListener("click", () => map.fitBounds(bounds));
  }
  const around = frame.querySelector("[data-around]");
  around.hidden = !navigator.geolocation;
  around.addEventListener("click", () => {
    said.textContent = "Recherche de votre position…";
    map.locate({ setView: true, maxZoom: CLOSE });
  });
  offerPosition(map, said, frame.dataset.tiles);
}

// A tile server sees where one looks.
function offerPosition(map, said, tiles) {
  const kept = tiles ? "" : " Votre position reste sur cet appareil.";
  const here = circleMarker([0, 0], { className: "map__here", radius: 9, interactive: false });
  map.on("locationfound", ({ latlng }) => {
    here.setLatLng(latlng).addTo(map);
    said.textContent = `Vous êtes au centre du cercle.${kept}`;
  });
  map.on("locationerror", () => {
    said.textContent = "Votre position n’a pas été trouvée, ou l’appareil l’a refusée.";
  });
}
