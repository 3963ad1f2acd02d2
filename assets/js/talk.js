// An @ in a text offers the people whom one may name there. Whoever types a handle by themselves needs none of this.
import "@github/text-expander-element";

const PAUSE = 150;

for (const form of document.querySelectorAll("form[data-names]")) offer(form.dataset.names, form.elements.body);

function offer(address, text) {
  const expander = document.createElement("text-expander");
  expander.setAttribute("keys", "@");
  const { parentNode, nextSibling } = text;
  expander.append(text); // it looks for its field once, as it comes onto the page
  parentNode.insertBefore(expander, nextSibling);
  new MutationObserver(() => staysAText(text)).observe(text, { attributeFilter: ["role", "aria-expanded"] });
  const said = document.createElement("p");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  expander.after(said);
  let latest = 0;
  const asked = async (words) => {
    const mine = ++latest;
    await new Promise((done) => setTimeout(done, PAUSE));
    if (mine !== latest) return [];
    const answer = await fetch(`${address}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    return mine === latest && answer.ok ? (await answer.json()).people : [];
  };
  expander.addEventListener("text-expander-change", (event) => {
    const { provide, text: words } = event.detail;
    provide(
      asked(words)
        .catch(() => []) // the text is there all the same
        .then((people) => {
          said.textContent = people.length ? `${people.length} to choose from with the arrow keys and Enter.` : "";
          return { matched: people.length > 0, fragment: menu(people) };
        }),
    );
  });
  expander.addEventListener("text-expander-value", (event) => {
    event.detail.value = `@${event.detail.item.dataset.handle}`;
  });
}

// a text of several lines is no combobox: it keeps its own role, and says which of the list is meant
function staysAText(text) {
  for (const name of ["role", "aria-expanded"]) if (text.hasAttribute(name)) text.removeAttribute(name);
}

function menu(people) {
  const list = document.createElement("ul");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People you can name");
  list.className = "hub-names";
  people.forEach(({ handle, name, of }, number) => {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `name-${number}`;
    item.dataset.handle = handle;
    item.textContent = `${name}, ${of}`;
    list.append(item);
  });
  return list;
}
