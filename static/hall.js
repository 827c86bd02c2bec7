// The hall screen says so when what it shows has grown old, and fills the television.
document.addEventListener("DOMContentLoaded", () => {
  const OLD = 70000; // three refreshes of 20 seconds missed
  const stale = document.getElementById("stale");
  let fresh = Date.now();
  document.body.addEventListener("htmx:afterSwap", (event) => { if (document.getElementById("cars")) fresh = Date.now(); });
  setInterval(() => {
    const isOld = Date.now() - fresh > OLD;
    stale.hidden = !isOld;
    if (isOld) stale.textContent = `${stale.dataset.text} ${document.getElementById("cars")?.dataset.at ?? ""}`;
  }, 2000);
  const button = document.getElementById("fullscreen");
  button.hidden = !document.fullscreenEnabled;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
});
