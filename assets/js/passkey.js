// Passkeys (Web Authentication Level 2): the hub says in JSON what it needs, and takes the answer in a form. Without this
// file people sign in by codes.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const NOT_NOW = "No passkey was taken. Try again, or sign in by a code.";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.parentElement.querySelector("[data-passkey-without]")?.remove();
  form.addEventListener("submit", (event) => {
    if (form.elements.passkey.value) return;
    event.preventDefault();
    ask(form);
  });
}

async function ask(form) {
  const said = form.querySelector("[data-passkey-said]");
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = "Your browser asks you now.";
  try {
    const sent = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
    const answer = await fetch(form.dataset.passkey, { method: "POST", body: sent, credentials: "same-origin" });
    const options = await answer.json();
    if (!answer.ok) throw new Error(options.said);
    form.elements.passkey.value = JSON.stringify(await credential(options));
    form.submit();
  } catch (error) {
    said.textContent = error instanceof DOMException || error instanceof SyntaxError ? NOT_NOW : error.message || NOT_NOW;
    button.disabled = false;
  }
}

async function credential(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  for (const each of ["excludeCredentials", "allowCredentials"]) {
    publicKey[each] = (options[each] ?? []).map((known) => ({ ...known, id: bytes(known.id) }));
  }
  if (!options.user) return answered(await navigator.credentials.get({ publicKey }));
  publicKey.user = { ...options.user, id: bytes(options.user.id) };
  return answered(await navigator.credentials.create({ publicKey }));
}

function answered(made) {
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const each of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[each]) response[each] = text(made.response[each]);
  }
  if (made.response.getTransports) response.transports = made.response.getTransports();
  return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
}
