// A menu is a disclosure that works without script; with it, it closes as menus do.

export function closeAsMenusDo(menu) {
  const close = () => (menu.open = false);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => menu.contains(event.target) || close());
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
  });
  const print = menu.querySelector("[data-print]");
  if (!print) return;
  print.hidden = false;
  print.addEventListener("click", () => {
    close();
    window.print();
  });
}
