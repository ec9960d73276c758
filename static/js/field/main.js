// The tablet: opens with what the device knows, then asks the server for news.
import { startBriefDialog } from "./brief_page.js";
import { Capture } from "./capture.js";
import { Consents } from "./consents.js";
import { startRecordsDialog } from "./dialogs.js";
import { Draft } from "./draft.js";
import { Enrolment } from "./enrolment.js";
import { Form } from "./form.js";
import { Handover } from "./handover.js";
import { part, showSession, showTurn, startScreen } from "./screen.js";
import { Sender } from "./sender.js";
import { Status } from "./status.js";
import { tellOthers, whenTold } from "./tabs.js";
import { Turns } from "./turns.js";
import { Usual } from "./usual.js";
import { startWorker } from "./worker.js";

const enrolment = new Enrolment();
const turns = new Turns();
const sender = new Sender();
const usual = new Usual();
const consents = new Consents(part("consents"), part("notice"));
const form = new Form(part("form"), { usual, consents, changed });
const draft = new Draft(() => form.draft);
const capture = new Capture({ form, draft, enrolment, turns, done: saved });
const status = new Status(enrolment);
const handover = new Handover(part("handover"), turns, () => showTurn(turns, enrolment));

function changed() {
  part("saved").textContent = "";
  capture.changed();
  draft.touch();
}

async function saved() {
  part("saved").textContent = "Enregistré ✓";
  const [trade, commune] = [usual.trade.chosen, usual.commune.chosen];
  form.clear();
  form.focus("first_name");
  scrollTo({ top: 0 });
  await draft.begin();
  await usual.note(trade, commune);
  usual.offer();
  // Every figure is that of the new record before the last of them is said.
  const count = await showTurn(turns, enrolment);
  await moved();
  part("saved").textContent = `Enregistré ✓ (${count})`;
  await sender.ring();
}

async function moved() {
  await status.show();
  tellOthers("records");
}

async function showEnrolment() {
  showSession(enrolment, consents);
  consents.follow(form.values);
  await status.show();
  if (!enrolment.data) return;
  await turns.adopt(enrolment.data.device);
  await showTurn(turns, enrolment);
  if (!turns.current && !part("handover").open) handover.open();
  await usual.learn(enrolment.data.reference);
}

async function wake() {
  if (document.visibilityState === "hidden") return draft.write();
  await enrolment.refresh();
  if (enrolment.data) await Promise.all([usual.learn(enrolment.data.reference), sender.ring()]);
  return undefined;
}

function listen() {
  for (const name of ["online", "focus"]) addEventListener(name, wake);
  document.addEventListener("visibilitychange", wake);
  enrolment.addEventListener("change", showEnrolment);
  sender.addEventListener("moved", () => Promise.all([moved(), enrolment.refresh()]));
  sender.addEventListener("unknown", () => enrolment.lose());
  whenTold("records", () => enrolment.data && Promise.all([status.show(), showTurn(turns, enrolment)]));
  whenTold("enrolment", () => enrolment.recall().then(showEnrolment));
  startRecordsDialog({ status, sender, enrolment });
}

async function start() {
  startScreen();
  await Promise.all([enrolment.recall(), turns.recall(), usual.recall()]);
  const values = await draft.open();
  usual.offer();
  listen();
  if (enrolment.data) await showEnrolment();
  if (values) form.fill(values);
  await startBriefDialog(enrolment);
  await Promise.all([enrolment.refresh({ force: true }), startWorker()]);
  if (!enrolment.data) return;
  await navigator.storage.persist();
  await sender.ring();
}

start();
