// Enhancement only: every page works without this file.
import { Button, ErrorSummary, SkipLink, createAll, isSupported } from "govuk-frontend";

if (isSupported()) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  createAll(Button, { preventDoubleClick: true });
  createAll(ErrorSummary);
  createAll(SkipLink);
}

// A changed filter or order asks again by itself; without script its button does.
for (const form of document.querySelectorAll("form[data-ask-again]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=checkbox], select")) form.requestSubmit();
  });
}
