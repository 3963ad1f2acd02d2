// Enhancement only: every page works without this file. A browser that runs it knows modules, which GOV.UK Frontend asks.
import { Button, ErrorSummary, SkipLink, createAll } from "govuk-frontend";
import { lookAgain } from "./again.js";
import { askAsTyped } from "./asking.js";
import { sayHowMany } from "./choosing.js";
import { watch } from "./drafts.js";
import { closeAsMenusDo } from "./menu.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button);
createAll(ErrorSummary);
createAll(SkipLink);
for (const form of document.querySelectorAll("main form[method=post]:not([data-choosing])")) {
  if (form.querySelector("textarea, input:not([type=hidden])")) watch(form);
}
for (const form of document.querySelectorAll("form[data-choosing]")) sayHowMany(form);
for (const form of document.querySelectorAll("form[data-asked]")) askAsTyped(form);
for (const menu of document.querySelectorAll("details.hub-menu, details.hub-headmenu")) closeAsMenusDo(menu);
for (const part of document.querySelectorAll("[data-again]")) lookAgain(part);
