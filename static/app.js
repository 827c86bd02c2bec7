// Small manners of every page; each page works without them.
(() => {
  const showToasts = (root) => root.querySelectorAll(".toast:not(.seen)").forEach((element) => {
    element.classList.add("seen");
    bootstrap.Toast.getOrCreateInstance(element, { delay: 6000, autohide: !element.classList.contains("toast-error") }).show();
  });

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-menu-toggle]");
    if (toggle) {
      const open = document.getElementById("menu").classList.toggle("is-open");
      toggle.setAttribute("aria-expanded", open);
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  // A filter applies as soon as it is chosen; without JavaScript its button does.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select, input[type=date]") && !form.hasAttribute("hx-get")) form.requestSubmit();
  });

  // What only a business has is out of sight for a private customer; nothing typed there is lost.
  const showBusiness = () => document.querySelectorAll("select[data-private]").forEach((select) => {
    const isPrivate = select.dataset.private.split(" ").includes(select.value);
    select.form.querySelectorAll(".business").forEach((section) => { section.hidden = isPrivate && !section.querySelector(".is-invalid"); });
  });
  document.addEventListener("change", (event) => { if (event.target.matches("select[data-private]")) showBusiness(); });

  // What was looked up (an address, a licence plate) is filled in; what someone typed or chose stays.
  document.addEventListener("htmx:afterSwap", (event) => {
    const found = event.target.querySelector("[data-fill]");
    if (!found) return;
    for (const [name, value] of Object.entries(JSON.parse(found.dataset.fill))) {
      const field = document.getElementById(`id_${name}`);
      if (!field || !["", field.dataset.filled, field.defaultValue].includes(field.value)) continue;
      field.value = field.dataset.filled = value;
      if (field.matches("select")) field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  // `/` searches from any page; arrows walk what was found, Escape leaves.
  document.addEventListener("keydown", (event) => {
    const find = document.getElementById("find");
    if (!find || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      event.preventDefault();
      if (find.offsetParent) find.focus(); else document.querySelector(".find-link").click();
      return;
    }
    if (!event.target.closest(".find")) return;
    if (event.key === "Escape") { find.value = ""; document.getElementById("found").replaceChildren(); find.blur(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const places = [find, ...document.querySelectorAll("#found a")];
    const next = places.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    places.at(next % places.length).focus();
  });

  // What is typed in a new order is kept in this tab too: it comes back after an expired login, under the key of its draft.
  const draftOf = (form) => `draft:${form.dataset.draft}`;
  const remember = (form) => {
    const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    sessionStorage.setItem(draftOf(form), JSON.stringify(typed));
  };
  ["input", "change"].forEach((kind) => document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) remember(form);
  }));
  const restoreDraft = () => {
    const form = document.querySelector("form[data-draft]");
    if (!form) return;
    const kept = sessionStorage.getItem(draftOf(form));
    Object.keys(sessionStorage).filter((key) => key.startsWith("draft:") && key !== draftOf(form)).forEach((key) => sessionStorage.removeItem(key));
    if (!kept || document.querySelector(".is-invalid")) return;
    const values = {};
    for (const [name, value] of JSON.parse(kept)) (values[name] ??= []).push(value);
    htmx.ajax("POST", form.dataset.draftRestore, { source: form, target: form, select: "#order-form", swap: "outerHTML", values });
  };

  // A place on the drawing of a car is chosen by pressing it; the form beside it has `data-drawing`.
  const choosePlace = (place) => document.querySelectorAll(".drawing .place").forEach((path) => path.classList.toggle("is-chosen", path.dataset.place === place));
  document.addEventListener("click", (event) => {
    const path = event.target.closest(".drawing .place");
    const field = path && document.querySelector("form[data-drawing] select[name=place]");
    if (!field) return;
    field.value = path.dataset.place;
    choosePlace(field.value);
    document.querySelector("form[data-drawing] select[name=kind]")?.focus();
  });
  document.addEventListener("change", (event) => { if (event.target.matches("form[data-drawing] select[name=place]")) choosePlace(event.target.value); });

  // A photo that was taken goes at once.
  document.addEventListener("change", (event) => { if (event.target.matches("input[type=file][data-send]") && event.target.files.length) event.target.form.requestSubmit(); });

  // Where the browser can listen, a text can be spoken.
  const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
  const startSpeaking = (button) => {
    if (!Recognition) return;
    const field = document.getElementById(button.dataset.speak);
    const ear = Object.assign(new Recognition(), { lang: button.dataset.language ?? "nl-NL", continuous: true, interimResults: false });
    const listen = (isOn) => { button.setAttribute("aria-pressed", isOn); button.classList.toggle("btn-danger", isOn); button.classList.toggle("btn-quiet", !isOn); };
    ear.onresult = (event) => {
      const heard = [...event.results].slice(event.resultIndex).map((result) => result[0].transcript.trim()).join(" ");
      field.value = [field.value.trim(), heard].filter(Boolean).join(" ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    ear.onerror = () => { field.focus(); button.title = button.dataset.speakFails; };
    ear.onend = () => listen(false);
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") return ear.stop();
      listen(true);
      ear.start();
    });
  };

  // Four digits by big keys; the fourth sends them.
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-digit]");
    const field = key && document.querySelector("[data-pin]");
    if (!field) return;
    field.value = key.dataset.digit === "" ? "" : (field.value + key.dataset.digit).slice(0, 4);
    if (field.value.length === 4) field.form.requestSubmit();
  });

  // A signature is drawn with finger, pen or mouse, and sent as a picture.
  const startSignature = (canvas) => {
    const pen = canvas.getContext("2d");
    const field = document.getElementById(canvas.dataset.signature);
    const at = (event) => { const box = canvas.getBoundingClientRect(); return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height]; };
    const clear = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); field.value = ""; };
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    clear();
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); pen.beginPath(); pen.moveTo(...at(event)); });
    canvas.addEventListener("pointermove", (event) => { if (!canvas.hasPointerCapture(event.pointerId)) return; pen.lineTo(...at(event)); pen.stroke(); });
    canvas.addEventListener("pointerup", () => { field.value = canvas.toDataURL("image/png"); });
    document.querySelector("[data-clear-signature]").addEventListener("click", clear);
  };

  // Twice pressed is once sent; a form whose answer is a file can be sent again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-again]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // In the hall the wifi comes and goes: what did not arrive is told.
  const tellFailure = () => {
    document.querySelector(".toasts").append(document.getElementById("failure").content.cloneNode(true));
    showToasts(document);
  };
  document.addEventListener("htmx:sendError", tellFailure);
  document.addEventListener("htmx:responseError", tellFailure);

  // An answer with errors (422) is shown like any other part.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  document.addEventListener("DOMContentLoaded", () => {
    showToasts(document);
    document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    showBusiness();
    restoreDraft();
    document.querySelectorAll("canvas[data-signature]").forEach(startSignature);
    document.querySelectorAll("[data-speak]").forEach(startSpeaking);
    document.querySelectorAll("[data-keypad]").forEach((keypad) => { keypad.hidden = false; });
    document.querySelector(".is-invalid")?.focus();
  });
})();
