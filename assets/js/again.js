// How far something is, looked at again quietly while it goes on; the page is loaded anew once it is over.

const EVERY = 3000;

export function lookAgain(part) {
  const look = async () => {
    try {
      const answer = await fetch(part.dataset.again, { credentials: "same-origin" });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-again]");
      if (!found) return location.reload();
      const told = part.querySelector("[role=status]");
      const now = found.querySelector("[role=status]").textContent;
      if (told.textContent !== now) told.textContent = now;
    } catch {
      // the hub may be away for a moment
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
}
