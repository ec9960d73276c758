// A position chosen by pressing the map, or where the telephone is: two fields of the page keep it.
import { circleMarker } from "../../vendor/leaflet/leaflet.js";

const PRECISION = 5; // decimals: a metre

export function offerPick(map, said) {
  const fields = ["id_latitude", "id_longitude"].map((id) => document.getElementById(id));
  const sign = circleMarker([0, 0], { className: "map__here", radius: 9, interactive: false });
  const show = () => {
    const [lat, lng] = fields.map((field) => Number.parseFloat(field.value.replace(",", ".")));
    if (Number.isNaN(lat) || Number.isNaN(lng)) sign.remove();
    else sign.setLatLng([lat, lng]).addTo(map);
  };
  const keep = ({ lat, lng }) => {
    [fields[0].value, fields[1].value] = [lat, lng].map((part) => part.toFixed(PRECISION));
    show();
  };
  map.on("click", ({ latlng }) => {
    keep(latlng.wrap());
    said.textContent = "La position est notée.";
  });
  map.on("locationfound", ({ latlng }) => {
    keep(latlng);
    said.textContent = "Votre position est notée : corrigez-la en touchant la carte.";
  });
  for (const field of fields) field.addEventListener("input", show);
  show();
}
