// What stands at a point, told in a bubble: the keyboard goes in, and comes back where it was.
import { popup } from "../../vendor/leaflet/leaflet.js";
import { pinOf, wordsOf } from "./points.js";

function listOf(points) {
  const list = document.createElement("ul");
  list.className = "map-bubble";
  for (const point of points) {
    const item = document.createElement("li");
    item.append(pinOf(point), wordsOf(point));
    list.append(item);
  }
  return list;
}

export function makeBubble(map, focus) {
  const maxWidth = Math.min(280, map.getSize().x - 60);
  const bubble = popup({ minWidth: 180, maxWidth, maxHeight: 240, offset: [0, -6] });
  let opened = null;

  bubble.on("remove", () => {
    const { activeElement, body } = document;
    if (activeElement === body || bubble.getElement().contains(activeElement)) focus(opened);
  });
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup(bubble);
  });

  return function tell(points) {
    [opened] = points;
    bubble.setLatLng(opened).setContent(listOf(points)).openOn(map);
    const element = bubble.getElement();
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "À cet endroit");
    element.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Fermer");
    element.querySelector("a").focus({ preventScroll: true });
  };
}
