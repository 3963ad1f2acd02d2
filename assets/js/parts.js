// A large file is sent in parts, so that what breaks off goes on where it was: draft-ietf-httpbis-resumable-upload.
// Nothing is kept in the browser: the same file, chosen again for the same place, is known to the hub.

const HASHED = 100_000_000; // bytes of a file of which the check sum of the whole is told: it is all in memory then
const WAITS = [1, 2, 4, 8, 15, 30]; // seconds between tries; the last again and again
const TRIES = 30;
export const AWAY = "the hub cannot be reached. Load this page again and choose the same file: it goes on where it is";
const REFUSED = "the hub did not take it. Load this page again, then choose the same file";

// What became of it: `upload`, by which the form names it, or `stop`, why it went no further.
export async function sendInParts(form, file, shown) {
  const token = form.querySelector("input[name=csrf_token]").value;
  const size = Number(form.dataset.part);
  shown.tell("is being looked at");
  const known = await headOf(file);
  let at = null;
  let tries = 0;
  let anew = false;
  for (;;) {
    const answer = at
      ? await part(at.href, token, file, at.offset, Math.min(size, file.size - at.offset), shown)
      : await ask("POST", `${form.action}/parts`, { ...known, "Upload-Complete": "?0", "X-CSRFToken": token });
    if (answer.status === 429 || answer.status === 0 || answer.status >= 500) {
      tries += 1;
      if (tries > TRIES) return { stop: AWAY };
      shown.tell(answer.status === 429 ? "waits a moment" : "waits: the hub cannot be reached. It is tried again");
      await pause(answer.wait || WAITS[Math.min(tries, WAITS.length) - 1]);
      at = at && answer.status !== 429 ? await asked(at) : at;
      continue;
    }
    if (answer.status === 404 && at && !anew) {
      at = null; // it lay there for too long, or was discarded: from the beginning, once
      anew = true;
      continue;
    }
    const offset = answer.offset;
    if (![201, 204, 409].includes(answer.status) || offset === null) return { stop: answer.said ?? REFUSED };
    at = { href: answer.href ?? at?.href, offset };
    tries = 0;
    shown.come(offset / file.size);
    if (offset >= file.size) return { upload: at.href.split("/").pop() };
  }
}

// how far the hub has come; what was known before, where it does not answer
async function asked(at) {
  const answer = await ask("HEAD", at.href, {});
  return answer.status === 204 && answer.offset !== null ? { ...at, offset: answer.offset } : at;
}

function part(href, token, file, offset, length, shown) {
  const heads = {
    "Content-Type": "application/partial-upload",
    "Upload-Offset": offset,
    "Upload-Complete": offset + length === file.size ? "?1" : "?0",
    "X-CSRFToken": token,
  };
  return ask("PATCH", href, heads, file.slice(offset, offset + length), (sent) =>
    shown.come(Math.min((offset + sent) / file.size, 0.999)),
  );
}

function ask(method, href, heads, body, come) {
  return new Promise((answered) => {
    const request = new XMLHttpRequest();
    request.open(method, href);
    for (const [name, value] of Object.entries(heads)) request.setRequestHeader(name, value);
    if (come) request.upload.addEventListener("progress", (event) => come(event.loaded));
    request.addEventListener("loadend", () => {
      const offset = request.getResponseHeader("Upload-Offset");
      const problem = request.getResponseHeader("Content-Type")?.startsWith("application/problem+json");
      answered({
        status: request.status,
        href: request.getResponseHeader("Location"),
        offset: offset === null ? null : Number(offset),
        wait: Number(request.getResponseHeader("Retry-After")),
        said: problem ? inside(JSON.parse(request.responseText).title) : null,
      });
    });
    request.send(body);
  });
}

const inside = (sentence) => `${sentence[0].toLowerCase()}${sentence.slice(1).replace(/\.$/, "")}`;

// until so much time is over, or the network is there again
function pause(seconds) {
  return new Promise((go) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      go();
    };
    const timer = setTimeout(end, 1000 * seconds);
    window.addEventListener("online", end);
  });
}

async function headOf(file) {
  const heads = {
    "Upload-Length": file.size,
    "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    "Idempotency-Key": `"${file.size}-${file.lastModified}"`,
  };
  if (file.size <= HASHED && window.crypto?.subtle) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    heads["Repr-Digest"] = `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
  }
  return heads;
}
