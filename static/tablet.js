// What the pages of the hall have that a desk does not: a drawing to press on, a camera, a voice, big keys, a signature.
(() => {
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

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("canvas[data-signature]").forEach(startSignature);
    document.querySelectorAll("[data-speak]").forEach(startSpeaking);
    document.querySelectorAll("[data-keypad]").forEach((keypad) => { keypad.hidden = false; });
  });
})();
