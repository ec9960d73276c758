// What to say before a record is kept. `blocking`: nothing could be done with it, or nobody agreed.
// `doubtful`: it may be saved all the same; what the server cannot read, people will correct.
import { judgeEmail } from "./email.js";
import { judgePhone } from "./phone.js";

export function review({ first_name, phone, email, trade, postcode, commune, consents }) {
  const blocking = [];
  const doubtful = [];
  if (!phone && !email) blocking.push(["phone", "Il faut un téléphone ou un e-mail."]);
  else if (!consents.length) {
    blocking.push(["consents", "Cochez ce que la personne accepte : sans son accord, on ne garde rien."]);
  }
  if (!first_name) doubtful.push(["first_name", "Il manque le prénom."]);
  if (judgePhone(phone).doubt) doubtful.push(["phone", judgePhone(phone).doubt]);
  if (judgeEmail(email).doubt) doubtful.push(["email", judgeEmail(email).doubt]);
  if (!trade) doubtful.push(["trade", "Il manque le métier."]);
  if (!postcode) doubtful.push(["commune", commune ? "Choisissez la commune dans la liste." : "Il manque la commune."]);
  return { blocking, doubtful };
}
