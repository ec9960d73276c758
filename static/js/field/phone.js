// Reads a telephone number as people say it in France, mainland and overseas, and says what is odd
// about it. It only advises, and rather lets a new block of numbers pass: the server decides.
const ZONES = {
  33: {
    fixed: /^(26[013-9]|59[1-35-9]|[139]\d\d|2[0-57-9]\d|4[1-9]\d|5[0-8]\d)\d{6}$/,
    mobile: /^(6[0-24-8]\d|63[0-8]|69[589]|7[3-9]\d)\d{6}$/,
    name: "",
  },
  262: { fixed: /^(262|263|269)\d{6}$/, mobile: /^(639|692|693|709)\d{6}$/, name: "Réunion-Mayotte" },
  590: { fixed: /^590\d{6}$/, mobile: /^(690|691)\d{6}$/, name: "Guadeloupe" },
  594: { fixed: /^594\d{6}$/, mobile: /^694\d{6}$/, name: "Guyane" },
  596: { fixed: /^596\d{6}$/, mobile: /^69[67]\d{6}$/, name: "Martinique" },
};
// Kept by the regulator for fiction: trainings use them.
const FICTION = /^63998\d{4}$/;
const NATIONAL_LENGTH = 10;

const said = (kind, zone) => [kind, zone].filter(Boolean).join(" · ");

function judgeNational(digits) {
  if (FICTION.test(digits)) return { hint: said("Mobile", "numéro d’exercice") };
  for (const { fixed, mobile, name } of Object.values(ZONES)) {
    if (mobile.test(digits)) return { hint: said("Mobile", name) };
    if (fixed.test(digits)) return { hint: said("Fixe", name) };
  }
  if (/^8/.test(digits)) return { doubt: "C’est un numéro spécial : on ne pourra pas rappeler." };
  return { doubt: "Ce numéro ne semble pas exister : faites-le relire." };
}

function missing(count) {
  return { doubt: `Il manque ${count} chiffre${count > 1 ? "s" : ""}.`, isShort: true };
}

function judgeInternational(digits) {
  const code = Object.keys(ZONES).find((one) => digits.startsWith(one));
  if (!code) {
    if (digits.length < 8) return { doubt: "Ce numéro étranger semble incomplet.", isShort: true };
    return digits.length > 15 ? { doubt: "Ce numéro est trop long." } : { hint: "Numéro étranger" };
  }
  const national = digits.slice(code.length).replace(/^0/, "");
  const length = NATIONAL_LENGTH - 1;
  if (national.length < length) return missing(length - national.length);
  if (national.length > length) return { doubt: "Ce numéro est trop long." };
  return judgeNational(national);
}

/** `{hint}` for a plausible number, `{doubt}` else; `isShort` while it may just not be finished. */
export function judgePhone(text) {
  const typed = text.trim();
  if (!typed) return {};
  if (/[^\d\s+().\-/ ]/.test(typed)) return { doubt: "Un numéro ne contient que des chiffres." };
  const digits = typed.replace(/\D/g, "");
  if (/^\s*(\+|00)/.test(typed)) return judgeInternational(digits.replace(/^00/, ""));
  if (!digits.startsWith("0")) {
    // A habit overseas, and of telephones that paste a number without its plus.
    if (digits.length > NATIONAL_LENGTH) return judgeInternational(digits);
    return { doubt: "Un numéro commence par 0, ou par + pour l’étranger." };
  }
  if (digits.length < NATIONAL_LENGTH) return missing(NATIONAL_LENGTH - digits.length);
  if (digits.length > NATIONAL_LENGTH) return { doubt: "Ce numéro est trop long." };
  return judgeNational(digits.slice(1));
}

/** « 0612345678 » as « 06 12 34 56 78 »; anything else as it was typed. */
export function spaced(text) {
  const digits = text.replace(/[\s.\-/]/g, "");
  return /^0\d{9}$/.test(digits) ? digits.replace(/(\d\d)(?=\d)/g, "$1 ") : text.trim();
}
