// A map without tiles: marks laid out by the server, in units of the drawing.
const SVG = "http://www.w3.org/2000/svg";

function shape(tag, className, attributes, text = "") {
  const node = document.createElementNS(SVG, tag);
  node.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

function drawMark({ name, x, y, label_x, is_target, is_flipped }) {
  const kind = is_target ? "sketch__target" : "sketch__town";
  const anchor = is_flipped ? "end" : "start";
  return [
    shape("circle", kind, { cx: x, cy: y, r: is_target ? 6 : 2.6 }),
    shape("text", `${kind}-name`, { x: is_target ? label_x + 3 : label_x, y, dy: 4, "text-anchor": anchor }, name),
  ];
}

export function drawSketch({ width, height, marks, scale_km, scale_length }) {
  const [target, ...towns] = marks.map(({ name }) => name);
  const around = towns.length ? `, près de ${towns.join(", ")}` : "";
  const label = `Situation : ${target}${around}`;
  const drawing = shape("svg", "sketch", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  drawing.append(
    ...marks.flatMap(drawMark),
    shape("path", "sketch__north", { d: `M${width - 14} 30 l5 -16 l5 16 l-5 -4 z` }),
    shape("text", "sketch__note", { x: width - 9, y: 42, "text-anchor": "middle" }, "N"),
    shape("path", "sketch__scale", { d: `M10 ${height - 10} v-4 h${scale_length} v4` }),
    shape("text", "sketch__note", { x: 10, y: height - 18 }, `${scale_km} km`),
  );
  return drawing;
}
