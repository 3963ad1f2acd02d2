// What somebody types is kept while they type, and nobody leaves a changed form without being asked.
// "Saved" is said upon the hub's own word only; anything else is "Not saved yet", and tried again.

const EVERY = 3000;
const LONGEST_WAIT = 60000;

const written = (form) => {
  const sent = new FormData(form);
  for (const name of ["csrf_token", "form_token"]) sent.delete(name);
  return JSON.stringify([...sent].map(([name, value]) => [name, value instanceof File ? value.name : value]));
};

export function watch(form) {
  let left = written(form); // as it stands on the page, or as it was kept last
  let sending = false;
  const keeper = form.dataset.draft ? keep(form, () => (left = written(form))) : null;
  form.addEventListener("submit", () => {
    sending = true;
    keeper?.stop();
  });
  window.addEventListener("pageshow", () => (sending = false)); // they came back to it
  window.addEventListener("beforeunload", (event) => {
    if (!sending && written(form) !== left) event.preventDefault();
  });
}

function keep(form, kept) {
  const said = document.createElement("p");
  said.className = "hub-draft";
  said.setAttribute("role", "status");
  (form.querySelector(".hub-buttons") ?? form.lastElementChild).before(said);
  let wait = EVERY;
  let timer = 0;
  let busy = null;
  let last = written(form);

  const later = () => {
    timer ||= setTimeout(save, wait);
  };
  const failed = (why) => {
    wait = Math.min(wait * 2, LONGEST_WAIT);
    said.textContent = `Not saved yet: ${why}. It is tried again.`;
    later();
  };
  async function save() {
    timer = 0;
    const now = written(form);
    if (busy || now === last) return;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    for (const field of form.querySelectorAll("input[type=password]")) body.delete(field.name);
    busy = new AbortController();
    try {
      const where = `/drafts?for=${encodeURIComponent(form.dataset.draft)}`;
      const answer = await fetch(where, { method: "POST", body, redirect: "manual", signal: busy.signal });
      const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      if (answer.ok && told.saved) {
        last = now;
        wait = EVERY;
        said.textContent = `Saved ${told.saved}, for you alone`;
        if (written(form) === now) kept();
        else later();
      } else if (answer.type === "opaqueredirect") failed("you are signed out. Sign in again in another window");
      else failed(told.said ?? "the hub cannot take it just now");
    } catch (error) {
      if (error.name !== "AbortError") failed("the hub cannot be reached");
    } finally {
      busy = null;
    }
  }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && written(form) !== last) {
      clearTimeout(timer);
      save();
    }
  });
  return {
    stop() {
      clearTimeout(timer);
      timer = 0;
      busy?.abort();
    },
  };
}
