// Several files, dropped or chosen, are sent one after another, each with how far it has come, and each is decided
// for itself; a large one goes in parts. Without script the form sends them together. The hub's own words say what
// became of each.
import { sendInParts } from "./parts.js";

const AGAIN = "Load this page again, then send what is left";
const words = (count, one, more) => `${count} ${count === 1 ? one : more}`;

export function sendOneByOne(form) {
  const input = form.querySelector("input[type=file]");
  const group = input.closest(".govuk-form-group");
  group.classList.add("hub-drop");
  const told = document.createElement("p");
  told.className = "govuk-hint";
  told.setAttribute("aria-live", "polite");
  group.append(told);
  const say = () => {
    if (input.files.length) told.textContent = `${words(input.files.length, "file", "files")} chosen.`;
  };
  input.addEventListener("change", () => {
    if (input.files.length) form.querySelector("[data-arrived]")?.remove(); // another file is meant
    say();
  });
  for (const kind of ["dragenter", "dragover"]) {
    group.addEventListener(kind, (event) => {
      event.preventDefault();
      group.classList.add("hub-drop--over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    group.addEventListener(kind, () => group.classList.remove("hub-drop--over"));
  }
  group.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("submit", (event) => {
    const [file, another] = input.files;
    if (!another && !(file && isLarge(form, file))) return;
    event.preventDefault();
    if (another) send(form, input);
    else sendLarge(form, input, file);
  });
}

const isLarge = (form, file) => file.size > Number(form.dataset.part) && file.size <= Number(form.dataset.largest);

// one large file: its parts first, then the form as it is, which names it
async function sendLarge(form, input, file) {
  const { list, head } = begin(form, [file]);
  const shown = row(list, file.name);
  const told = await whileLeavingAsks(() => sendInParts(form, file, shown));
  if (told.stop) {
    head.textContent = "Not sent to the end";
    shown.say(told.stop);
    form.hidden = false;
    head.focus();
    return;
  }
  shown.come(1);
  input.value = "";
  name(form, told.upload);
  form.submit();
}

// the form names a file that came in parts
function name(form, upload) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "upload";
  field.value = upload;
  form.append(field);
}

async function whileLeavingAsks(work) {
  const leaving = (event) => event.preventDefault();
  window.addEventListener("beforeunload", leaving);
  try {
    return await work();
  } catch {
    return { stop: "it cannot be read: perhaps it was moved or changed. Choose it again" };
  } finally {
    window.removeEventListener("beforeunload", leaving);
  }
}

function begin(form, files) {
  document.querySelector("[data-sent]")?.remove();
  const list = document.createElement("ul");
  list.className = "hub-sending";
  const head = document.createElement("h2");
  head.className = "govuk-heading-m";
  head.tabIndex = -1;
  head.textContent = `Sending ${words(files.length, "file", "files")}`;
  const whole = document.createElement("section");
  whole.dataset.sent = "";
  whole.append(head, list);
  form.hidden = true;
  form.before(whole);
  head.focus();
  return { list, head };
}

async function send(form, input) {
  const files = [...input.files];
  const { list, head } = begin(form, files);
  const rows = files.map((file) => row(list, file.name));
  const done = { added: [], left: 0 };
  let stopped = "";
  for (const [number, file] of files.entries()) {
    const told = stopped ? { stop: stopped } : await whileLeavingAsks(() => one(form, file, rows[number]));
    if (told.stop) stopped = told.stop;
    for (const each of told.added ?? []) {
      done.added.push(each);
      rows[number].say("added", each);
    }
    for (const each of told.left ?? []) rows[number].say(`not added: ${each.why}`, each);
    if (told.stop) rows[number].say(`not sent: ${told.stop}`);
    if (!told.added?.length) done.left += 1;
  }
  form.reset();
  const added = done.added.length ? `${words(done.added.length, "document", "documents")} added` : "Nothing is added";
  head.textContent = done.left && done.added.length ? `${added}, ${done.left} not` : added;
  head.focus();
  after(form, list, done.added.filter((each) => each.thing));
}

function row(list, name) {
  const item = document.createElement("li");
  const title = document.createElement("span");
  const state = document.createElement("span");
  const bar = document.createElement("progress");
  title.textContent = name;
  state.textContent = "waits";
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  item.append(title, state, bar);
  list.append(item);
  return {
    come(part) {
      bar.value = part;
      state.textContent = part < 1 ? `${Math.floor(part * 100)} %` : "is being kept";
    },
    tell(text) {
      state.textContent = text;
    },
    say(text, document_) {
      bar.remove();
      state.textContent = text;
      if (!document_?.href) return;
      const link = document.createElement("a");
      link.className = "govuk-link";
      link.href = document_.href;
      link.textContent = document_.title;
      title.replaceChildren(link);
    },
  };
}

async function one(form, file, shown) {
  const body = new FormData(form);
  body.delete("file");
  body.delete("upload");
  if (isLarge(form, file)) {
    const told = await sendInParts(form, file, shown);
    if (told.stop) return told;
    shown.come(1);
    body.append("upload", told.upload);
  } else body.append("file", file);
  for (;;) {
    const answer = await sent(form.action, body, shown);
    if (answer.status === 429) await new Promise((go) => setTimeout(go, 1000 * (answer.wait || 5)));
    else if (answer.told) return answer.told;
    else if (answer.status === 413) return { left: [{ title: file.name, why: "it is larger than the hub takes" }] };
    else if (answer.status === 0) return { stop: `the hub cannot be reached. ${AGAIN}` };
    else return { stop: `the hub did not take it. ${AGAIN}` };
  }
}

function sent(address, body, shown) {
  return new Promise((answered) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => shown.come(event.loaded / event.total));
    request.addEventListener("loadend", () => {
      const json = request.getResponseHeader("Content-Type")?.startsWith("application/json");
      const wait = Number(request.getResponseHeader("Retry-After"));
      answered({ status: request.status, wait, told: json ? JSON.parse(request.responseText) : null });
    });
    request.send(body);
  });
}

// what one goes on with: publishing all that waits as a draft, or the files of the place
function after(form, list, drafts) {
  const buttons = document.createElement("div");
  buttons.className = "hub-buttons";
  if (drafts.length) {
    const said = document.createElement("p");
    said.className = "govuk-body";
    said.textContent =
      "They wait as drafts: only you, and those who may edit here, see them. Before they are published you are told whom that shows them to.";
    const publish = document.createElement("form");
    publish.method = "post";
    publish.action = form.action.replace("/upload/", "/files/") + "/publish";
    publish.append(form.querySelector("input[name=csrf_token]").cloneNode());
    for (const { thing } of drafts) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "thing";
      field.value = thing;
      publish.append(field);
    }
    const button = document.createElement("button");
    button.className = "govuk-button";
    button.textContent = "Publish them";
    publish.append(button);
    list.before(said);
    buttons.append(publish);
  }
  for (const [text, href] of [
    ["See the files", form.action.replace("/upload/", "/files/")],
    ["Add more", form.action],
  ]) {
    const link = document.createElement("a");
    link.className = "govuk-link govuk-body";
    link.href = href;
    link.textContent = text;
    buttons.append(link);
  }
  list.before(buttons);
}
