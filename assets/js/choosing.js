// Choosing among rows: how many are chosen is said, and one box chooses all of the page. Without script the boxes do.

export function sayHowMany(form) {
  const boxes = [...form.querySelectorAll("input[name=thing]")];
  const told = form.querySelector("[data-chosen]");
  const words = told.textContent;
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", "Choose all on this page");
  form.querySelector("thead .hub-table__pick").append(all);
  told.setAttribute("aria-live", "polite");

  const say = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    told.textContent = chosen ? `${chosen} chosen:` : words;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    say();
  });
  form.addEventListener("change", (event) => event.target === all || say());
  say();
}
