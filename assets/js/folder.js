// A folder that somebody chooses is packed into one ZIP archive, which is sent like any other: nothing is compressed, and
// no file is held in memory. What a ZIP archive is made of: APPNOTE.TXT 4.3.

const STEP = 1 << 20;
const MOST = 2 ** 32 - 1; // a larger one would be of another kind
const UTF_8 = 0x800;
const OF_ZIP = { version: 20, local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 };

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

export function bringFolder(form) {
  const group = form.querySelector("[data-folder-field]");
  const folder = group.querySelector("input");
  const archive = form.querySelector("input[name=file]");
  const button = form.querySelector("button[type=submit]");
  const told = document.createElement("p");
  told.className = "govuk-hint";
  told.setAttribute("role", "status");
  group.append(told);
  folder.disabled = false;
  const say = (text) => {
    told.textContent = text;
  };
  archive.addEventListener("change", () => {
    if (archive.files.length) folder.value = "";
    say("");
  });
  folder.addEventListener("change", () => {
    archive.value = "";
    const { files } = folder;
    say(files.length ? (tooMuch(form, files) ?? `${words(files.length)} chosen in “${nameOf(files)}”.`) : "");
  });
  form.addEventListener("submit", async (event) => {
    if (!folder.files.length || archive.files.length) return;
    event.preventDefault();
    const files = [...folder.files];
    const wrong = tooMuch(form, files);
    if (wrong) return say(wrong);
    button.disabled = true;
    try {
      const whole = await packed(files, (done) => say(`${done} of ${words(files.length)} packed.`));
      const sent = new DataTransfer();
      sent.items.add(new File([whole], `${nameOf(files)}.zip`, { type: "application/zip" }));
      archive.files = sent.files;
      say("It is being sent.");
      form.submit();
    } catch (error) {
      say(`A file in it cannot be read: ${error.message} Close it where it is open, then choose the folder again.`);
    } finally {
      button.disabled = false;
    }
  });
}

const words = (count) => `${count.toLocaleString("en-GB")} ${count === 1 ? "file" : "files"}`;
const nameOf = (files) => files[0].webkitRelativePath.split("/")[0] || "Folder";

function tooMuch(form, files) {
  const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
  const most = Number(form.dataset.most);
  if (files.length > most) return `There are ${words(files.length)} in it, more than the ${most} that come in at a time. Choose a folder in it.`;
  const largest = Math.min(Number(form.dataset.largest), MOST);
  if (bytes <= largest) return null;
  const size = (count) => `${Math.ceil(count / 1e6).toLocaleString("en-GB")} MB`;
  return `It has ${size(bytes)}, more than the ${size(largest)} that come in at a time. Choose a folder in it.`;
}

async function packed(files, come) {
  const parts = [];
  const contents = [];
  let at = 0;
  for (const [number, file] of files.entries()) {
    const name = new TextEncoder().encode(file.webkitRelativePath || file.name);
    const facts = [OF_ZIP.version, UTF_8, 0, ...clock(new Date(file.lastModified)), await sum(file), file.size];
    const head = record("42222244422", [OF_ZIP.local, ...facts, file.size, name.length, 0]);
    const entry = [OF_ZIP.central, OF_ZIP.version, ...facts, file.size, name.length, 0, 0, 0, 0, 0, at];
    contents.push(record("42222224442222244", entry), name);
    parts.push(head, name, file);
    at += head.length + name.length + file.size;
    come(number + 1);
  }
  const length = contents.reduce((whole, part) => whole + part.length, 0);
  const end = record("42222442", [OF_ZIP.end, 0, 0, files.length, files.length, length, at, 0]);
  return new Blob([...parts, ...contents, end]);
}

// numbers of two or four bytes one after another, the least first
function record(sizes, values) {
  const bytes = new DataView(new ArrayBuffer([...sizes].reduce((whole, size) => whole + Number(size), 0)));
  let at = 0;
  for (const [index, size] of [...sizes].entries()) {
    if (size === "2") bytes.setUint16(at, values[index], true);
    else bytes.setUint32(at, values[index], true);
    at += Number(size);
  }
  return new Uint8Array(bytes.buffer);
}

// the time and the day of a clock on the wall, as DOS wrote them
function clock(at) {
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
  const day = (Math.max(0, at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate();
  return [time, day];
}

async function sum(file) {
  let value = 0xffffffff;
  for (let at = 0; at < file.size; at += STEP) {
    const bytes = new Uint8Array(await file.slice(at, at + STEP).arrayBuffer());
    for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  }
  return (value ^ 0xffffffff) >>> 0;
}
