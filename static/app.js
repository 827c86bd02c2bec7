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
    select.form.querySelectorAll(".business").forEach((section) => { section.hidden = isPrivate && !section.querySelector('[aria-invalid="true"]'); });
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
    if (!kept || document.querySelector('[aria-invalid="true"]')) return;
    const values = {};
    for (const [name, value] of JSON.parse(kept)) (values[name] ??= []).push(value);
    htmx.ajax("POST", form.dataset.draftRestore, { source: form, target: form, select: "#order-form", swap: "outerHTML", values });
  };

  // Twice pressed is once sent; a form whose answer is a file can be sent again, and after a look in another tab too.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-again]") || event.submitter?.formTarget === "_blank") return;
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
    document.querySelector('[aria-invalid="true"]')?.focus();
  });
})();
