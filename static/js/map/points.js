// The points of a list, and how each is shown.
import { divIcon } from "../../vendor/leaflet/leaflet.js";

export function readPoints(list) {
  return [...list.querySelectorAll("[data-point]")].map((item) => {
    const [lat, lng] = item.dataset.point.split(",").map(Number);
    const group = item.closest("[data-group]")?.dataset.group;
    return { lat, lng, item, group, isUrgent: "urgent" in item.dataset };
  });
}

export const pinOf = ({ item }) => item.querySelector(".pin").cloneNode(true);
export const wordsOf = ({ item }) => item.lastElementChild.cloneNode(true);

export function nameOf(points, noun) {
  const [{ item, group }] = points;
  if (points.length === 1) {
    return [...item.lastElementChild.children].map((part) => part.textContent).join(", ");
  }
  const urgent = points.filter((point) => point.isUrgent).length;
  const alert = urgent ? `dont ${urgent} en alerte` : "";
  return [`${points.length} ${noun}`, alert, group].filter(Boolean).join(", ");
}

export function iconOf(points) {
  if (points.length === 1) {
    return divIcon({ className: "map__pin", html: pinOf(points[0]), iconSize: [28, 28] });
  }
  const sign = document.createElement("span");
  const isUrgent = points.some((point) => point.isUrgent);
  sign.className = `map-cluster${isUrgent ? " map-cluster--urgent" : ""}`;
  sign.textContent = points.length;
  return divIcon({ className: "map__pin", html: sign, iconSize: [42, 42] });
}
