// Pictures of a tile server, where one is set. Leaflet's own layer empties those it drops with a
// data: address, which the policy refuses.
import { GridLayer, Util } from "../../vendor/leaflet/leaflet.js";

const Tiles = GridLayer.extend({
  createTile(coords, done) {
    const tile = document.createElement("img");
    tile.alt = "";
    tile.referrerPolicy = "origin"; // what tile servers ask for; no address of ours goes out
    tile.addEventListener("load", () => done(null, tile));
    tile.addEventListener("error", () => done(new Error(tile.src), tile));
    tile.src = Util.template(this.options.address, coords);
    return tile;
  },
});

export function showTiles(map, address) {
  map.getContainer().classList.add("map__canvas--tiles");
  new Tiles({ address }).addTo(map);
}
