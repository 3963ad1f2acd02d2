// For the pages where files are sent, beside hub.js, which all pages have.
import { bringFolder } from "./folder.js";
import { sendOneByOne } from "./sending.js";

for (const form of document.querySelectorAll("form[data-sending]")) sendOneByOne(form);
for (const form of document.querySelectorAll("form[data-folder]")) bringFolder(form);
