// Creates or uses a passkey, then sends the form that holds it. Needs allauth's webauthn-json.js.
const { create, get, supported } = globalThis.webauthnJSON;

const ceremonies = {
  create: (button) => create(readOptions(button).creation_options),
  get: (button) => get(readOptions(button).request_options),
  login: async (button) => {
    const answer = await fetch(button.form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`passkey options: ${answer.status}`);
    return get((await answer.json()).request_options);
  },
};

function readOptions(button) {
  return JSON.parse(document.getElementById(button.dataset.passkeyOptions).textContent);
}

function prepare(button) {
  const problem = document.getElementById(button.dataset.passkeyProblem);
  button.hidden = false;
  button.addEventListener("click", async () => {
    problem.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      const credential = await ceremonies[button.dataset.passkey](button);
      button.form.elements.credential.value = JSON.stringify(credential);
      button.form.requestSubmit();
    } catch {
      // Given up, timed out, or this device does not know the key: the page says what else works.
      problem.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

if (supported()) document.querySelectorAll("[data-passkey]").forEach(prepare);
else document.querySelectorAll("[data-passkey-absent]").forEach((node) => (node.hidden = false));
