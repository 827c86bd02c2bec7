// The price matrix like a sheet: arrows and Enter walk, a block from Excel is pasted from the cell down and to the right.
(() => {
  const cells = (row) => [...row.querySelectorAll("input.cell")];
  const rows = () => [...document.querySelectorAll("[data-matrix] tbody tr")];
  const place = (input) => {
    const row = input.closest("tr");
    return [rows().indexOf(row), cells(row).indexOf(input)];
  };
  const at = (row, column) => (rows()[row] ? cells(rows()[row])[column] : undefined);
  const go = (input) => { if (input) { input.focus(); input.select(); } return Boolean(input); };
  const mark = (input) => input.classList.toggle("changed", input.value !== input.defaultValue);

  document.addEventListener("focusin", (event) => { if (event.target.matches("input.cell")) event.target.select(); });
  document.addEventListener("input", (event) => { if (event.target.matches("input.cell")) mark(event.target); });

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches("input.cell") || event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = place(input);
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const steps = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0],
      ArrowLeft: whole || input.selectionEnd === 0 ? [0, -1] : null,
      ArrowRight: whole || input.selectionStart === input.value.length ? [0, 1] : null,
    };
    const step = steps[event.key];
    if (!step) return;
    if (go(at(row + step[0], column + step[1])) || event.key === "Enter") event.preventDefault();
  });

  document.addEventListener("paste", (event) => {
    const input = event.target;
    const text = event.clipboardData.getData("text");
    if (!input.matches("input.cell") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const [row, column] = place(input);
    text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => line.split("\t").forEach((value, right) => {
      const cell = at(row + down, column + right);
      if (cell) { cell.value = value.replace(/[€\s]/g, ""); mark(cell); }
    }));
  });
})();
