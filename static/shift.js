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

  // --- the actions, in a database of the tablet's own -------------------------------------------------------------------
  globalThis.openStore = (name, store, options) => {
    const database = new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(store, options);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return async (mode, ask) => {
      const transaction = (await database).transaction(store, mode);
      const asked = ask(transaction.objectStore(store));
      return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    };
  };
  const stored = openStore("shift", "actions", { keyPath: "place", autoIncrement: true });
  const put = (action) => stored("readwrite", (actions) => actions.put(action));
  const all = () => stored("readonly", (actions) => actions.getAll());
  const forget = (place) => stored("readwrite", (actions) => actions.delete(place));

  // --- who does it: a page from the cache may be of whoever worked here before --------------------------------------
  const newest = () => JSON.parse(localStorage.getItem("shift") ?? '{"made": 0}');
  const isSwitched = () => newest().switched === shift.dataset.person; // by who.js, and nobody logged in since
  if (Number(shift.dataset.made) > newest().made && !isSwitched()) localStorage.setItem("shift", JSON.stringify({ made: Number(shift.dataset.made), actor: shift.dataset.actor }));

  // --- what is on the screen ------------------------------------------------------------------------------------------
  const tell = (text) => {
    const toast = document.getElementById("failure").content.cloneNode(true);
    toast.querySelector(".toast-body").textContent = text;
    const shown = toast.querySelector(".toast");
    document.querySelector(".toasts").append(toast);
    bootstrap.Toast.getOrCreateInstance(shown, { autohide: false }).show();
    return shown;
  };
  // What became of work that was sent is told until somebody closed it: the page may be left just then.
  const told = () => JSON.parse(sessionStorage.getItem("told") ?? "[]");
  const keepTelling = (text) => tell(text).addEventListener("hidden.bs.toast", () => {
    sessionStorage.setItem("told", JSON.stringify(told().filter((other) => other !== text)));
  });
  const report = (text) => {
    sessionStorage.setItem("told", JSON.stringify([...told().filter((other) => other !== text), text]));
    keepTelling(text);
  };
  told().forEach(keepTelling);
  const count = (actions) => {
    shift.hidden = actions.length === 0;
    const photos = actions.filter(({ kind }) => kind === "photo").length;
    const counted = [actions.length - photos, photos && `${photos} ${shift.dataset.photosText}`];
    shift.querySelector("[data-count]").textContent = counted.filter(Boolean).join(" + ");
  };
  const answered = () => {
    const line = document.querySelector("#progress span:nth-of-type(2)");
    const done = document.querySelectorAll('.check:has(.answers [aria-pressed="true"]):not(:has(.because > [aria-pressed="true"]))').length;
    if (!line) return;
    line.textContent = line.textContent.replace(/\d+/, done);
    document.querySelector("#progress progress").value = done;
  };
  const show = (action) => {
    if (action.kind === "answer") {
      const question = document.querySelector(`form[action="${action.url}"]`)?.closest(".check");
      const given = action.fields.find(([name]) => name === "antwoord")?.[1];
      question?.querySelectorAll("button[name=antwoord]").forEach((button) => {
        const isGiven = button.value === given || (button.value === "nee" && given === "overdoen");
        button.setAttribute("aria-pressed", isGiven);
        button.classList.toggle("btn-quiet", !isGiven);
        button.classList.toggle("btn-success", isGiven && given === "ja");
        button.classList.toggle("btn-danger", isGiven && given !== "ja");
      });
      return answered();
    }
    if (action.kind === "item-photo") {
      const form = document.querySelector(`form[action="${action.url}"]`);
      if (form) form.dataset.taken = "yes";
    }
    const list = location.pathname === action.page && document.querySelector("[data-unsent-list]");
    if (list && !list.querySelector(`[data-uid="${action.uid}"]`)) {
      const line = Object.assign(document.createElement("li"), { textContent: `${action.about}: ${shift.dataset.waitingText}` });
      line.dataset.uid = action.uid;
      list.append(line);
    }
    const card = document.querySelector(`a[href="${action.page}"]`)?.closest(".car");
    if (card && action.kind !== "photo" && !card.querySelector(`[data-uid="${action.uid}"]`)) {
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
  const settle = async (action, answer) => {
    if (answer.status === 422) {
      const form = live.get(action.uid)?.form;
      if (!form) throw new Error("the form was left meanwhile: sent again, it is kept for the owner");
      for (const one of await all()) if (one.uid === action.uid || one.parent === action.uid) await forget(one.place);
      form.dataset.refused = "yes";
      return form.submit(); // the page of the form itself says what is wrong, next to each field
    }
    if (REFUSED.includes(answer.status)) { // it would hold up all that comes after it, and may not be lost
      report(`${action.name}: ${shift.dataset.stuckText} ${answer.why}`);
      return put({ ...action, isStuck: true });
    }
    await forget(action.place);
    live.get(action.uid)?.went();
    sent.add(action.page);
    if (answer.outcome === "kept") report(`${action.name}: ${answer.why} ${shift.dataset.keptText}`);
    if (Math.abs(answer.clock_off ?? 0) >= 5) document.getElementById("clock").hidden = false;
    const item = answer.html && document.querySelector(`form[action="${action.formUrl}"]`)?.closest(".check");
    if (item) htmx.swap(`#${item.id}`, answer.html, { swapStyle: "outerHTML" });
  };
  // In the order in which it was done; photos after all else, so that nothing waits for them.
  const toSend = async () => (await refresh()).filter((action) => !action.isStuck).sort((one, other) => (one.kind === "photo") - (other.kind === "photo") || one.place - other.place);
  let failed = false;
  const sendAll = async () => {
    let actions = await toSend();
    if (!actions.length) return dispatchEvent(new Event("shift-sent"));
    try {
      while (actions.length) {
        await settle(actions[0], await send(actions[0]));
        actions = await toSend();
      }
      clearTimeout(storing);
      storing = setTimeout(storeSent, 2000);
      if (failed && !newest().switched && document.querySelector(".cards, .check")) location.reload(); // what others did meanwhile
      dispatchEvent(new Event("shift-sent"));
      failed = false;
    } catch {
      failed = true; // it stays here, and is tried again
    }
  };
  const sent = new Set(); // the pages of what was sent: what is stored of them is old
  let storing = null;
  let sending = null;
  const drain = () => { sending ??= (navigator.locks ? navigator.locks.request("shift", sendAll) : sendAll()).finally(() => { sending = null; }); return sending; };

  // The next question comes under the thumb, so that nobody scrolls.
  const goOn = (form) => {
    const questions = [...document.querySelectorAll(".check:has(.answers)")];
    const here = questions.indexOf(form.closest(".check"));
    const isOpen = (question) => !question.querySelector('.answers [aria-pressed="true"]');
    const next = questions.slice(here + 1).find(isOpen) ?? questions.find(isOpen) ?? document.getElementById("gereed");
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    next?.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
  };
  // A page from the cache is the same for every item; the address says which.
  const about = new URLSearchParams(location.search).get("onderdeel");
  const itemField = document.querySelector("form[data-shift=defect] select[name=item]");
  if (about && itemField && !itemField.value) itemField.value = about;
  const unfinished = () => [...document.querySelectorAll(".check:has(.answers)")].find((question) =>
    !question.querySelector('.answers [aria-pressed="true"]') || question.querySelector('.because > [aria-pressed="true"]')
    || (question.querySelector(".take-photo") && !question.querySelector(".take-photo[data-taken], .thumb")));
  const cutOff = (form, event) => { event.preventDefault(); event.stopPropagation(); tell(shift.dataset.offlineText); };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const action = form.getAttribute("action");
    if (action === shift.dataset.change && !navigator.onLine && (localStorage.getItem("boxes") ?? "[]") !== "[]") return; // who.js asks who goes on
    if ([shift.dataset.change, shift.dataset.logout].includes(action)) {
      if (shift.hidden) return navigator.onLine ? globalThis.caches?.delete("shift") : cutOff(form, event);
      event.preventDefault();
      event.stopPropagation();
      return tell(shift.dataset.refuseText);
    }
    if (!form.dataset.shift) return form.method === "post" && !navigator.onLine ? cutOff(form, event) : undefined;
    event.preventDefault();
    event.stopPropagation();
    const typed = [...new FormData(form, event.submitter)].filter(([name]) => !["csrfmiddlewaretoken", "formulier"].includes(name));
    const files = typed.map(([, value]) => value).filter((value) => value instanceof Blob && value.size);
    const large = files.find((file) => file.size > Number(shift.dataset.photoMax));
    if (large) return tell(`${large.name}: ${shift.dataset.largeText}`);
    if (form.dataset.busy) return;
    const open = form.dataset.shift === "finish" && unfinished();
    if (open) {
      tell(`${form.dataset.unanswered} ${open.querySelector(".what strong").textContent}`);
      return open.scrollIntoView({ block: "center" });
    }
    const { shift: kind, name, page, photo } = form.dataset;
    const isAnswer = ["answer", "item-photo"].includes(kind);
    if (!isAnswer) form.dataset.busy = "yes";
    const photos = files.map((file) => [newId(), file]);
    const fields = typed.filter(([, value]) => !(value instanceof Blob)).filter(([field]) => field !== "photo_uid");
    if (photos.length) fields.push(["photo_uid", photos.map(([uid]) => uid).join()]);
    const chosen = [...form.querySelectorAll("select")].map((field) => field.selectedOptions[0]?.text).filter(Boolean).join(", ");
    const stamp = { page, formUrl: action, happenedAt: new Date().toISOString(), actor: newest().actor ?? shift.dataset.actor };
    const made = { ...stamp, uid: newId(), kind, name, about: chosen || name, url: action, fields };
    const sendPhotos = photos.map(([uid, file]) => ({ ...stamp, uid: newId(), parent: made.uid, kind: "photo", name: `${name}, ${file.name}`, about: file.name, url: photo, fields: [["uid", uid], ["photo", file]] }));
    const went = new Promise((resolve) => { if (!isAnswer) live.set(made.uid, { form, went: resolve }); });
    try {
      for (const one of [made, ...sendPhotos]) await put(one);
    } catch { // the tablet keeps nothing: sent the ordinary way
      form.dataset.shift = "";
      return form.requestSubmit(event.submitter);
    }
    show(made);
    if (isAnswer) {
      form.querySelectorAll("input[type=file]").forEach((field) => { field.value = ""; });
      if (kind === "answer" && event.submitter?.value !== "nee") goOn(form);
      return (sending ?? Promise.resolve()).finally(drain);
    }
    (sending ?? Promise.resolve()).finally(drain);
    await Promise.race([went, new Promise((go) => setTimeout(go, navigator.onLine ? LIVE : 0))]);
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
    const cars = [...document.querySelectorAll(".car[data-pages]")].flatMap((car) => car.dataset.pages.split(" "));
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
  addEventListener("load", drain);
  setInterval(() => { if (!shift.hidden) drain(); }, RETRY);
  start();
})();
