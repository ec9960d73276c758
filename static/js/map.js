// Draws a map of what a list says. Each item with data-point="latitude,longitude" is a point: its
// `.pin` is the sign on the map, its words are told when one opens it. The list stays as it is.
import { control, map as createMap } from "../vendor/leaflet/leaflet.js";
import { showClusters } from "./map/clusters.js";
import { offerMoves, showPoints } from "./map/moves.js";
import { drawOutlines } from "./map/outlines.js";
import { offerPick } from "./map/pick.js";
import { readPoints } from "./map/points.js";
import { showTiles } from "./map/tiles.js";

// Outlines may be drawn at any size, and have nothing more to show from closer.
const OUTLINES = { maxZoom: 10, zoomSnap: 0.25 };
// Except to put one's finger where something is.
const PICKED = { maxZoom: 14, zoomSnap: 0.25 };
const TILES = { maxZoom: 18 };

export function start(frames) {
  for (const frame of frames) show(frame);
}

function open(frame) {
  const canvas = frame.querySelector("[data-canvas]");
  const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  canvas.replaceChildren();
  const map = createMap(canvas, {
    attributionControl: false, // written under the map
    zoomControl: false,
    scrollWheelZoom: false, // a wheel that passes by scrolls the page
    minZoom: 3,
    ...(frame.dataset.tiles ? TILES : "pick" in frame.dataset ? PICKED : OUTLINES),
    zoomAnimation: moves,
    fadeAnimation: moves,
    markerZoomAnimation: moves,
  });
  const words = { zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" };
  control.zoom({ position: "bottomright", ...words }).addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  return map;
}

async function show(frame) {
  const points = readPoints(document.getElementById(frame.dataset.points));
  const said = frame.querySelector("[data-said]");
  const map = open(frame);
  if (frame.dataset.tiles) showTiles(map, frame.dataset.tiles);
  showPoints(map, frame, points);
  offerMoves(map, frame, points, said);
  showClusters(map, points, frame.dataset.noun);
  if ("pick" in frame.dataset) offerPick(map, said);
  try {
    await drawOutlines(map, frame.dataset.outlines);
  } catch {
    said.textContent = "Le contour des départements n’a pas pu être chargé.";
  }
}
