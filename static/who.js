// Without a connection another person works on: a name, four digits, and what is done from then on is stamped with that name.
// What a PIN opens was sealed by the server (accounts/tablets.py); once there is a connection, everyone logs in as always.
(() => {
  const shift = document.getElementById("shift");
  const dialog = document.getElementById("who");
  if (!shift || !dialog || !globalThis.crypto?.subtle) return;
  const MOST_WRONG = 5;
  const read = (name, otherwise) => JSON.parse(localStorage.getItem(name) ?? otherwise);
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const people = () => read("people", "[]");
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const field = document.getElementById("offline-pin");
  let chosen = null;

  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const open = async (person, pin) => {
    const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(person.salt), iterations: person.rounds };
    const key = await crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(person.iv) }, key, bytes(person.box)));
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
  const ask = () => {
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
    ask();
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
    if (!navigator.onLine && people().length && Date.now() - read("touched", `${Date.now()}`) > Number(shift.dataset.lock) * 60000) ask();
  };
  setInterval(lock, 5000);

  const keepPeople = async () => {
    const answer = await fetch(shift.dataset.people, { redirect: "manual", cache: "no-store", headers: { "X-Shift": "yes" } }).catch(() => null);
    if (answer?.ok) {
      write("people", (await answer.json()).people);
      localStorage.removeItem("wrong");
    }
  };
  showName();
  lock();
  if (navigator.onLine && document.querySelector(".cards")) keepPeople().then(() => { document.body.dataset.people = "yes"; });
})();
