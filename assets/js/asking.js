// What is found of a question while it is typed, below its field. Without this one presses the button.

const PAUSE = 600;
const FEWEST_LETTERS = 8;

export function askAsTyped(form) {
  const field = form.querySelector("input[type=search]");
  const part = document.getElementById(form.dataset.asked);
  let last = field.value.trim();
  let waiting;
  let asked;
  const ask = async () => {
    const question = field.value.trim();
    if (question === last || question.length < FEWEST_LETTERS || !question.includes(" ")) return;
    last = question;
    asked?.abort();
    asked = new AbortController();
    const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
    try {
      const answer = await fetch(address, { credentials: "same-origin", signal: asked.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-found]");
      if (!found || field.value.trim() !== question) return;
      part.replaceChildren(...document.importNode(found, true).childNodes);
      form.querySelector("[role=status]").textContent = found.dataset.found;
    } catch {
      // the next word asks again
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
}
