// Says beside a field, while it is typed, whether the number or address is plausible or odd.
import { judgeEmail } from "./email.js";
import { judgePhone } from "./phone.js";

const JUDGES = { phone: judgePhone, email: judgeEmail };

export const JUDGED = Object.keys(JUDGES);

/** What may just not be finished is odd only once `isDone`. */
export function judge(field, { isDone = false } = {}) {
  if (!JUDGED.includes(field.name)) return;
  const { hint = "", doubt = "", meant, isShort = false } = JUDGES[field.name](field.value);
  const isTold = Boolean(doubt && (isDone || !(isShort || meant)));
  const place = document.getElementById(`${field.id}-hint`);
  place.textContent = isTold ? doubt : hint;
  place.classList.toggle("hint--doubt", isTold);
  const fix = document.querySelector(`[data-fix=${field.name}]`);
  if (fix) Object.assign(fix, { hidden: !(isTold && meant), value: meant ?? "" });
}

/** One tap takes the address that was probably meant. */
export function offerFix(button, field) {
  button.addEventListener("click", () => {
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    judge(field, { isDone: true });
    field.focus();
  });
}
