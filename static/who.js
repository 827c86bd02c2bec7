// Without a connection another person works on: a name, four digits, and what is done from then on is stamped with that name.
// What a PIN opens was sealed by the server for this tablet alone (accounts/tablets.py); with a connection, everyone logs in as always.
(() => {
  const shift = document.getElementById("shift");
  const dialog = document.getElementById("who");
  if (!shift || !dialog || !globalThis.crypto?.subtle || !navigator.locks) return;
  const MOST_WRONG = 5;
  const RSA = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
  const NONCE = 12; // bytes before what AES-GCM made
  const read = (name, otherwise) => JSON.parse(localStorage.getItem(name) ?? otherwise);
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const people = () => read("boxes", "[]");
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const field = document.getElementById("offline-pin");
  let chosen = null;

  // --- the key of this tablet: no script reads it, so a box that is copied from here opens nowhere else ------------------
  localStorage.removeItem("people"); // boxes from before there was one
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const { tablet } = shift.dataset;
  // Not in the database of shift.js: a page that was stored with an older script must still open the one with the work.
  const stored = openStore("tablet-key", "keys", { keyPath: "tablet" });
  const storedKey = () => stored("readonly", (keys) => keys.get(tablet));
  const ownKey = async () => {
    const kept = await storedKey();
    if (kept) return kept;
    localStorage.removeItem("boxes"); // of a pairing that has ended
    const { privateKey, publicKey } = await crypto.subtle.generateKey(RSA, false, ["wrapKey", "unwrapKey"]);
    const made = { tablet, privateKey, publicKey: base64(await crypto.subtle.exportKey("spki", publicKey)) };
    await stored("readwrite", (keys) => { keys.clear(); return keys.put(made); });
    return made;
  };

  const unlock = (key, locked) => crypto.subtle.decrypt({ name: "AES-GCM", iv: locked.slice(0, NONCE) }, key, locked.slice(NONCE));
  const open = async (person, pin) => {
    const { privateKey } = await storedKey();
    const outer = await crypto.subtle.unwrapKey("raw", bytes(person.key), privateKey, RSA, "AES-GCM", false, ["decrypt"]);
    const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(person.salt), iterations: person.rounds };
    const inner = await crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    return new TextDecoder().decode(await unlock(inner, await unlock(outer, bytes(person.box))));
  };

  const names = () => {
    chosen = null;
    part("names").hidden = false;
    part("pin-of").hidden = true;
    part("names").replaceChildren(...people().map((person) => {
      const row = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "sheet", textContent: person.name });
      button.addEventListener("click", () => choose(person));
      row.append(button);
      return row;
    }));
  };
  const problem = (text) => {
    part("problem").hidden = !text;
    part("problem").textContent = text;
  };
  const wrong = () => read("wrong", "{}");
  const choose = (person) => {
    chosen = person;
    part("names").hidden = true;
    part("pin-of").hidden = false;
    part("name").textContent = person.name;
    field.value = "";
    const isLocked = (wrong()[person.pk] ?? 0) >= MOST_WRONG;
    problem(isLocked ? dialog.dataset.locked : "");
    field.disabled = isLocked;
    if (!isLocked) field.focus();
  };
  const enter = async () => {
    if (field.value.length < 4 || field.disabled) return;
    const pin = field.value;
    field.value = "";
    try {
      const actor = await open(chosen, pin);
      write("wrong", { ...wrong(), [chosen.pk]: 0 });
      write("shift", { made: Date.now() / 1000, actor, person: chosen.pk, name: chosen.name, switched: shift.dataset.person });
      write("touched", Date.now());
      dialog.close();
      showName();
    } catch {
      const count = (wrong()[chosen.pk] ?? 0) + 1;
      write("wrong", { ...wrong(), [chosen.pk]: count });
      choose(chosen);
      if (count < MOST_WRONG) problem(dialog.dataset.wrong);
    }
  };
  const askWho = () => {
    names();
    if (!dialog.open) dialog.showModal();
  };

  dialog.addEventListener("cancel", (event) => event.preventDefault());
  part("someone-else").addEventListener("click", names);
  field.addEventListener("input", enter);
  dialog.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (!key || field.disabled) return;
    field.value = key.dataset.key === "" ? "" : (field.value + key.dataset.key).slice(0, 4);
    enter();
  });

  // --- who works here now ---------------------------------------------------------------------------------------------
  const showName = () => {
    const { switched, name } = read("shift", "{}");
    const shown = document.querySelector(".who .dropdown-toggle span");
    if (switched && shown) shown.textContent = name;
  };
  const changeForm = document.querySelector(`form[action="${shift.dataset.change}"]`);
  document.addEventListener("submit", (event) => {
    if (event.target !== changeForm || navigator.onLine || !people().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    askWho();
  }, true);

  // Who changed without a connection logs in as soon as there is one and all is sent.
  const settle = () => {
    if (!navigator.onLine || !shift.hidden || !read("shift", "{}").switched || !changeForm) return;
    write("shift", { made: 0 });
    changeForm.requestSubmit();
  };
  addEventListener("shift-sent", settle);

  // It locks itself without a connection too.
  const touched = () => write("touched", Date.now());
  ["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, () => { if (!dialog.open) touched(); }));
  const lock = () => {
    if (!navigator.onLine && people().length && Date.now() - read("touched", `${Date.now()}`) > Number(shift.dataset.lock) * 60000) askWho();
  };
  setInterval(lock, 5000);

  // --- who may go on: asked while there is a connection ----------------------------------------------------------------
  const ask = async (url, how = {}) => {
    const answer = await fetch(url, { redirect: "manual", cache: "no-store", headers: { "X-Shift": "yes" }, ...how });
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    return answer.json();
  };
  const sayKey = async (key) => {
    const { csrf } = await ask(shift.dataset.contact);
    return ask(shift.dataset.key, { method: "POST", body: new URLSearchParams({ key, csrfmiddlewaretoken: csrf }) });
  };
  const keepPeople = async () => {
    const { publicKey } = await ownKey();
    let answer = await ask(shift.dataset.people);
    if (!answer.key) answer = await sayKey(publicKey);
    const isOwn = answer.key === publicKey; // not when this browser lost the key that it said
    write("boxes", isOwn ? answer.people : []);
    document.getElementById("lost-key").hidden = isOwn;
    localStorage.removeItem("wrong");
  };
  showName();
  lock();
  if (navigator.onLine && document.querySelector(".cards")) { // what fails is tried again by the next of these pages
    navigator.locks.request("people", keepPeople).catch(() => null).then(() => { document.body.dataset.people = "yes"; });
  }
})();
