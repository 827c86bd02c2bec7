// What is done on a tablet is kept in it first and sent after that: in order, once, also when it was switched off meanwhile.
(() => {
  const shift = document.getElementById("shift");
  if (!shift) return;
  const RETRY = 8000;
  const LIVE = 5000; // as long somebody waits for an answer before the next page
  const FRESH = 300000; // a stored page of a car is not asked again within this
  const REFUSED = [400, 413]; // sent again it would be refused again
  const BY_ITSELF = { "X-Shift": "yes" }; // nobody touched the tablet for this
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // --- the actions, in the tablet's own database -------------------------------------------------------------------
  const database = new Promise((resolve, reject) => {
    const asked = indexedDB.open("shift", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("actions", { keyPath: "place", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const stored = async (mode, ask) => {
    const transaction = (await database).transaction("actions", mode);
    const asked = ask(transaction.objectStore("actions"));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  };
  const put = (action) => stored("readwrite", (actions) => actions.put(action));
  const all = () => stored("readonly", (actions) => actions.getAll());
  const forget = (place) => stored("readwrite", (actions) => actions.delete(place));

  // --- who does it: a page from the cache may be of whoever worked here before --------------------------------------
  const newest = () => JSON.parse(localStorage.getItem("shift") ?? '{"made": 0}');
  if (Number(shift.dataset.made) > newest().made) localStorage.setItem("shift", JSON.stringify({ made: Number(shift.dataset.made), actor: shift.dataset.actor }));

  // --- what is on the screen ------------------------------------------------------------------------------------------
  const tell = (text) => {
    const toast = document.getElementById("failure").content.cloneNode(true);
    toast.querySelector(".toast-body").textContent = text;
    const shown = toast.querySelector(".toast");
    document.querySelector(".toasts").append(toast);
    bootstrap.Toast.getOrCreateInstance(shown, { autohide: false }).show();
  };
  const count = (actions) => {
    shift.hidden = actions.length === 0;
    const photos = actions.filter((action) => action.fields.some(([, value]) => value instanceof Blob && value.size)).length;
    shift.querySelector("[data-count]").textContent = actions.length;
    shift.querySelector("[data-photos]").textContent = photos ? `(${photos} ${shift.dataset.photosText})` : "";
  };
  const answered = () => {
    const line = document.querySelector("#progress span:nth-of-type(2)");
    const done = document.querySelectorAll('.check .answers:has([aria-pressed="true"])').length;
    if (!line) return;
    line.textContent = line.textContent.replace(/\d+/, done);
    document.querySelector("#progress progress").value = done;
  };
  const show = (action) => {
    if (action.kind === "answer") {
      const form = document.querySelector(`form[action="${action.url}"]`);
      const given = action.fields.find(([name]) => name === "antwoord")?.[1];
      form?.querySelectorAll("button").forEach((button) => {
        const isGiven = button.value === given;
        button.setAttribute("aria-pressed", isGiven);
        button.classList.toggle("btn-quiet", !isGiven);
        button.classList.toggle("btn-success", isGiven && given === "ja");
        button.classList.toggle("btn-danger", isGiven && given === "nee");
      });
      return answered();
    }
    const card = document.querySelector(`a[href="${action.page}"]`)?.closest(".car");
    if (card && !card.querySelector(`[data-uid="${action.uid}"]`)) {
      const line = Object.assign(document.createElement("div"), { className: "text-warning-emphasis", textContent: `${action.name}: ${shift.dataset.waitingText}` });
      line.dataset.uid = action.uid;
      card.append(line);
    }
  };
  const refresh = async () => {
    const actions = await all();
    count(actions);
    actions.forEach(show);
    return actions;
  };

  // --- sending ----------------------------------------------------------------------------------------------------------
  const token = async () => {
    const answer = await fetch(shift.dataset.contact, { redirect: "manual", cache: "no-store", headers: BY_ITSELF });
    if (!answer.ok) throw new Error("nobody is logged in");
    return (await answer.json()).csrf;
  };
  let csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const send = async (action, isAgain = false) => {
    const body = new FormData();
    action.fields.forEach(([name, value]) => body.append(name, value));
    const headers = { "X-CSRFToken": csrf, "X-Action": action.uid, "X-Happened-At": action.happenedAt, "X-Sent-At": new Date().toISOString(), "X-Actor": action.actor, "HX-Request": "true" };
    if (live.has(action.uid)) headers["X-Live"] = "yes";
    const answer = await fetch(action.url, { method: "POST", body, headers, redirect: "manual" });
    if (answer.status === 403 && !isAgain) { // the page may be older than the login
      csrf = await token();
      return send(action, true);
    }
    if (![200, ...REFUSED, 422].includes(answer.status)) throw new Error(`${answer.status}`);
    if (REFUSED.includes(answer.status)) return { status: answer.status, why: `(${answer.status})` };
    return { status: answer.status, ...(await answer.json()) };
  };
  const live = new Map(); // the forms that somebody is still looking at, by the id of their action
  const settle = async (action, told) => {
    if (told.status === 422) {
      const form = live.get(action.uid);
      if (!form) throw new Error("the form was left meanwhile: sent again, it is kept for the owner");
      await forget(action.place);
      form.dataset.refused = "yes";
      return form.submit(); // the page of the form itself says what is wrong, next to each field
    }
    if (REFUSED.includes(told.status)) { // it would hold up all that comes after it, and may not be lost
      tell(`${action.name}: ${shift.dataset.stuckText} ${told.why}`);
      return put({ ...action, isStuck: true });
    }
    await forget(action.place);
    sent.add(action.page);
    if (told.outcome === "kept") tell(`${action.name}: ${told.why} ${shift.dataset.keptText}`);
    if (Math.abs(told.clock_off ?? 0) >= 5) document.getElementById("clock").hidden = false;
    const item = told.html && document.querySelector(`form[action="${action.url}"]`)?.closest(".check");
    if (item) htmx.swap(`#${item.id}`, told.html, { swapStyle: "outerHTML" });
  };
  const toSend = async () => (await refresh()).filter((action) => !action.isStuck);
  let failed = false;
  const sendAll = async () => {
    let actions = await toSend();
    if (!actions.length) return;
    try {
      while (actions.length) {
        await settle(actions[0], await send(actions[0]));
        actions = await toSend();
      }
      clearTimeout(storing);
      storing = setTimeout(storeSent, 2000);
      if (failed && document.querySelector(".cards, .check")) location.reload(); // what others did meanwhile
      failed = false;
    } catch {
      failed = true; // it stays here, and is tried again
    }
  };
  const sent = new Set(); // the pages of what was sent: what is stored of them is old
  let storing = null;
  let sending = null;
  const drain = () => { sending ??= (navigator.locks ? navigator.locks.request("shift", sendAll) : sendAll()).finally(() => { sending = null; }); return sending; };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const action = form.getAttribute("action");
    if ([shift.dataset.change, shift.dataset.logout].includes(action)) {
      if (shift.hidden) return globalThis.caches?.delete("shift");
      event.preventDefault();
      event.stopPropagation();
      return tell(shift.dataset.refuseText);
    }
    if (!form.dataset.shift) return;
    event.preventDefault();
    event.stopPropagation();
    const fields = [...new FormData(form, event.submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
    if (form.dataset.busy) return;
    const isAnswer = form.dataset.shift === "answer";
    if (!isAnswer) form.dataset.busy = "yes";
    const { shift: kind, name, page } = form.dataset;
    const made = { uid: newId(), kind, name, page, url: action, fields, happenedAt: new Date().toISOString(), actor: newest().actor ?? shift.dataset.actor };
    if (!isAnswer) live.set(made.uid, form);
    try {
      await put(made);
    } catch { // the tablet keeps nothing: sent the ordinary way
      form.dataset.shift = "";
      return form.requestSubmit(event.submitter);
    }
    show(made);
    if (sending) await Promise.race([sending, new Promise((go) => setTimeout(go, LIVE))]);
    await Promise.race([drain(), new Promise((go) => setTimeout(go, LIVE))]);
    if (isAnswer) return;
    const waiting = (await refresh()).some(({ uid }) => uid === made.uid);
    const isRefused = !waiting && form.dataset.refused;
    live.delete(made.uid);
    if (!isRefused) location.href = form.dataset.next;
  }, true);

  // --- the pages of today are there without a connection, on a paired tablet ----------------------------------------
  const storePage = async (pages, url) => {
    const answer = await fetch(url, { headers: BY_ITSELF }).catch(() => null);
    if (answer?.ok && !answer.redirected) await pages.put(url, answer);
  };
  const storeSent = async () => {
    if (!shift.dataset.tablet || !globalThis.caches) return;
    const pages = await caches.open("shift");
    for (const url of sent) await storePage(pages, url);
    sent.clear();
  };
  const store = async () => {
    const pages = await caches.open("shift");
    const isOld = async (url) => Date.now() - new Date((await pages.match(url))?.headers.get("date") ?? 0) > FRESH;
    const files = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => new URL(name).origin === location.origin && /\/static\/|\/stijl/.test(name));
    const cars = [...document.querySelectorAll(".car h2 a")].flatMap((link) => [link.href, `${link.href}mankement/`]);
    await storePage(pages, location.pathname);
    for (const url of [...cars, ...files]) if (await isOld(url)) await storePage(pages, url);
    document.body.dataset.stored = "yes";
  };
  const start = async () => {
    const actions = await refresh();
    if (shift.dataset.tablet && "serviceWorker" in navigator) {
      await navigator.serviceWorker.register(shift.dataset.worker);
      if (document.querySelector(".cards") && navigator.onLine && !actions.length) store();
    }
    drain();
  };
  addEventListener("online", drain);
  setInterval(() => { if (!shift.hidden) drain(); }, RETRY);
  start();
})();
