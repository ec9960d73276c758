// « Fiche de l’action »: what the device keeps of it, at once, and anew when the server answers.
import { Brief } from "./brief.js";
import { part } from "./screen.js";
import { drawSketch } from "./sketch.js";
import { element } from "./suggestions.js";

const NO_NETWORK = "Il faut du réseau : ce numéro n’est jamais gardé sur l’appareil.";
const NO_PILOT = "Personne n’a laissé de numéro : demandez à votre union.";

const text = (words, className = "") => element("p", className, {}, words);
const texts = (lines) => lines.map((line) => text(line));

function list(lines) {
  const node = element("ul", "brief__list");
  node.append(...lines.map((line) => element("li", "", {}, line)));
  return node;
}

function section(heading, nodes) {
  if (!nodes.length) return [];
  const node = element("section", "brief__section");
  node.append(element("h3", "", {}, heading), ...nodes);
  return [node];
}

const where = ({ where: place, access, sketch }) => [
  ...texts(place ? [place] : []),
  ...texts(access ? [`Accès : ${access}`] : []),
  ...(sketch ? [drawSketch(sketch)] : []),
];
const team = ({ roles }) => (roles.length ? [list(roles.map(({ role, people }) => `${role} : ${people.join(", ")}`))] : []);
const kit = ({ kit: headings }) =>
  headings.flatMap(({ heading, lines }) => [element("h4", "", {}, heading), list(lines)]);
const guest = ({ guest: name }) => texts(name ? [`En présence de ${name}`] : []);
const points = ({ points: words }) => (words ? [text(words, "brief__words")] : []);

/** « À jour le 30 novembre à 14 h 32 », by this device's zone. */
function ageOf(now) {
  const moment = new Date(now);
  const day = moment.toLocaleDateString("fr-FR", { day: "numeric", month: "long" });
  return `À jour le ${day} à ${moment.getHours()} h ${String(moment.getMinutes()).padStart(2, "0")}`;
}

export async function startBriefDialog(enrolment) {
  const brief = new Brief(enrolment);
  const [dialog, button, number] = [part("brief"), part("open-brief"), part("pilot-number")];

  function draw() {
    button.hidden = !brief.kept;
    if (!brief.kept) return dialog.close();
    const { brief: sheet, now } = brief.kept;
    part("brief-title").textContent = sheet.title;
    part("brief-age").textContent = ageOf(now);
    part("brief-body").replaceChildren(
      ...texts(sheet.objective ? [sheet.objective] : []),
      ...section("Quand", [...texts(sheet.whens), ...guest(sheet)]),
      ...section("Où", where(sheet)),
      ...section("L’équipe", team(sheet)),
      ...section("À emporter", kit(sheet)),
      ...section("Quoi dire", points(sheet)),
      ...section("Déclarations", texts(sheet.declarations)),
    );
  }

  async function open() {
    dialog.showModal();
    await brief.refresh();
  }

  async function call() {
    number.textContent = "Un instant…";
    const pilot = await brief.askPilot();
    number.textContent = pilot === undefined ? NO_NETWORK : NO_PILOT;
    if (!pilot || !dialog.open) return;
    number.replaceChildren(`${pilot.first_name} : `, element("a", "", { href: `tel:${pilot.tel}` }, pilot.phone));
  }

  const wipe = () => number.replaceChildren();

  brief.addEventListener("change", draw);
  enrolment.addEventListener("change", () => brief.check());
  enrolment.addEventListener("answered", () => brief.refresh());
  button.addEventListener("click", open);
  part("pilot").addEventListener("click", call);
  dialog.addEventListener("close", wipe);
  document.addEventListener("visibilitychange", () => document.hidden && wipe());
  await brief.recall();
}
