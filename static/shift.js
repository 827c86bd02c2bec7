// What is done on a tablet is kept in it first and sent after that: in order, once, also when it was switched off meanwhile.
(() => {
  const shift = document.getElementById("shift");
  if (!shift) return;
  const RETRY = 8000;
  const LIVE = 5000; // as long somebody waits for an answer before the next page

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
  const all = () => stored("readonly", (actions) => actions.getAll());
  const keep = (action) => stored("readwrite", (actions) => actions.add(action));
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
    const answer = await fetch(shift.dataset.contact, { redirect: "manual", cache: "no-store" });
    return answer.ok ? (await answer.json()).csrf : null;
  };
  const send = async (action, csrf) => {
    const body = new FormData();
    action.fields.forEach(([name, value]) => body.append(name, value));
    const headers = { "X-CSRFToken": csrf, "X-Action": action.uid, "X-Happened-At": action.happenedAt, "X-Sent-At": new Date().toISOString(), "X-Actor": action.actor, "HX-Request": "true" };
    if (live.has(action.uid)) headers["X-Live"] = "yes";
    const answer = await fetch(action.url, { method: "POST", body, headers, redirect: "manual" });
    if (answer.status !== 200 && answer.status !== 422) throw new Error(`${answer.status}`);
    return { status: answer.status, ...(await answer.json()) };
  };
  const live = new Map(); // the forms that somebody is still looking at, by the id of their action
  const settle = async (action, told) => {
    await forget(action.place);
    if (told.status === 422) {
      const form = live.get(action.uid);
      if (form) form.dataset.refused = "yes";
      return form?.submit(); // the page of the form itself says what is wrong, next to each field
    }
    if (told.outcome === "kept") tell(`${action.name}: ${told.why} ${shift.dataset.keptText}`);
    if (Math.abs(told.clock_off ?? 0) >= 5) document.getElementById("clock").hidden = false;
    const item = told.html && document.querySelector(`form[action="${action.url}"]`)?.closest(".check");
    if (item) htmx.swap(`#${item.id}`, told.html, { swapStyle: "outerHTML" });
  };
  let failed = false;
  const sendAll = async () => {
    let actions = await refresh();
    if (!actions.length) return;
    try {
      const csrf = await token();
      if (!csrf) throw new Error("nobody is logged in");
      while (actions.length) {
        await settle(actions[0], await send(actions[0], csrf));
        actions = await refresh();
      }
      if (failed && document.querySelector(".cards, .check")) location.reload(); // what others did meanwhile
      failed = false;
    } catch {
      failed = true; // it stays here, and is tried again
    }
  };
  let sending = null;
  const drain = () => { sending ??= (navigator.locks ? navigator.locks.request("shift", sendAll) : sendAll()).finally(() => { sending = null; }); return sending; };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const action = form.getAttribute("action");
    if ([shift.dataset.change, shift.dataset.logout].includes(action)) {
      if (shift.hidden) return caches.delete("shift");
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
    const url = action || location.pathname;
    const made = { uid: crypto.randomUUID?.() ?? ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16)), kind: form.dataset.shift, name: form.dataset.name, page: form.dataset.page, url, fields, happenedAt: new Date().toISOString(), actor: newest().actor ?? shift.dataset.actor };
    if (!isAnswer) live.set(made.uid, form);
    try {
      await keep(made);
    } catch {
      delete form.dataset.busy;
      return tell(shift.dataset.fullText);
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
  const store = async () => {
    const pages = await caches.open("shift");
    const files = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => new URL(name).origin === location.origin && /\/static\/|\/stijl/.test(name));
    const cars = [...document.querySelectorAll(".car h2 a")].flatMap((link) => [link.href, `${link.href}mankement/`]);
    for (const url of [location.pathname, ...cars, ...files]) {
      const answer = await fetch(url, { headers: { "X-Shift": "store" } }).catch(() => null);
      if (answer?.ok && !answer.redirected) await pages.put(url, answer);
    }
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
