// Says what is odd about an e-mail address, and what was probably meant. It only advises.
import { isOneSlip } from "./text.js";

const USUAL = [
  "gmail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "yahoo.com", "yahoo.fr",
  "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "icloud.com", "live.fr", "bbox.fr",
]; // prettier-ignore
const WHOLE = /^[^\s@,;<>()[\]\\"]+@[^\s@,;<>()[\]\\"]+\.[a-z]{2,}$/i;

/** `{doubt}` and, when one slip explains it, `{meant}`: the whole address to take instead. */
export function judgeEmail(text) {
  const typed = text.trim();
  if (!typed) return {};
  const [name, domain = ""] = typed.toLowerCase().split("@");
  const near = name && !USUAL.includes(domain) && USUAL.find((one) => isOneSlip(domain, one));
  if (near) return { doubt: `Peut-être @${near} ?`, meant: `${name}@${near}` };
  if (!typed.includes("@")) return { doubt: "Il manque le @.", isShort: true };
  const isSound = WHOLE.test(typed) && !/\.\.|^\.|\.@|@[.-]/.test(typed);
  return isSound ? {} : { doubt: "Cette adresse semble incomplète.", isShort: true };
}
