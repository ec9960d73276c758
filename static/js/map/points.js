// The points of a list, and how each is shown.
import { divIcon } from "../../vendor/leaflet/leaflet.js";

export function readPoints(list) {
  return [...list.querySelectorAll("[data-point]")].map((item) => {
    const [lat, lng] = item.dataset.point.split(",").map(Number);
    const group = item.closest("[data-group]")?.dataset.group;
    return { lat, lng, item, group, isUrgent: "urgent" in item.dataset };
  });
}

export const wordsOf = ({ item }) => item.lastElementChild.cloneNode(true);

function named(name, ...shown) {
  const box = document.createElement("div");
  const hidden = document.createElement("span");
  hidden.className = "visually-hidden";
  hidden.textContent = name;
  box.append(...shown, hidden);
  return box;
}

export function pinIcon(point) {
  const name = [...point.item.lastElementChild.children].map((part) => part.textContent).join(", ");
  const pin = point.item.querySelector(".pin").cloneNode(true);
  return divIcon({ className: "map__pin", html: named(name, pin), iconSize: [28, 28] });
}

export function clusterIcon(points, noun) {
  const urgent = points.filter((point) => point.isUrgent).length;
  const sign = document.createElement("span");
  sign.className = `map-cluster${urgent ? " map-cluster--urgent" : ""}`;
  sign.textContent = points.length;
  const where = points[0].group ? `, ${points[0].group}` : "";
  const name = ` ${noun}${urgent ? `, dont ${urgent} en alerte` : ""}${where}`;
  return divIcon({ className: "map__pin", html: named(name, sign), iconSize: [42, 42] });
}
