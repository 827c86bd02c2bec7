// The planning board: EventCalendar (vendor/event-calendar) on the orders of /werkorders/planning/.
document.addEventListener("DOMContentLoaded", () => {
  const board = document.getElementById("board");
  const dialog = document.getElementById("plan-dialog");
  const texts = JSON.parse(board.dataset.texts);
  const resources = JSON.parse(document.getElementById("board-resources").textContent);
  let per = "people";
  let range = null;
  let isDragged = false;
  const pad = (number) => String(number).padStart(2, "0");
  const day = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const clock = (date) => `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  const isNarrow = matchMedia("(max-width: 47.99rem)").matches;

  // What is planned is sent as the form of the dialog is; what speaks against it comes back as that form.
  const send = (url, values, undo) => {
    let isPlanned = false;
    const done = () => { isPlanned = true; };
    document.body.addEventListener("planned", done, { once: true });
    htmx.ajax("POST", url, { target: "#plan", swap: "outerHTML", values }).finally(() => {
      if (isPlanned) return;
      document.body.removeEventListener("planned", done);
      undo?.();
    });
  };
  const isWeek = () => calendar.getView().type === "resourceTimelineWeek";
  const assignedAfter = (event, from, to) => {
    const people = new Set(event.extendedProps.assigned);
    people.delete(from);
    if (to && to !== "0") people.add(to);
    return [...people];
  };
  const valuesOf = (event, old, moved) => {
    const more = event.extendedProps;
    const values = { version: more.version, planned_on: day(event.start), assigned: more.assigned, bay: more.bay ?? "", planned_minutes: more.planned_minutes ?? "" };
    if (isWeek()) values.planned_time = more.time ?? "";
    else if (!event.allDay) {
      values.planned_time = clock(event.start);
      const minutes = Math.round((event.end - event.start) / 60000);
      if (!old.allDay && minutes !== more.minutes) values.planned_minutes = minutes;
    }
    if (moved && per === "bays") values.bay = moved.to === "0" ? "" : moved.to;
    if (moved && per === "people") values.assigned = assignedAfter(event, moved.from, moved.to);
    return values;
  };

  const calendar = EventCalendar.create(board, {
    view: isNarrow ? "listDay" : "resourceTimeGridDay",
    locale: "nl", firstDay: 1, height: isNarrow ? "auto" : "calc(100vh - 9rem)",
    headerToolbar: { start: "prev,next today", center: "title", end: isNarrow ? "listDay,listWeek" : "resourceTimeGridDay,resourceTimelineWeek,listWeek" },
    buttonText: (usual) => ({ ...usual, today: texts.today, resourceTimeGridDay: texts.day, resourceTimelineWeek: texts.week, listDay: texts.day, listWeek: isNarrow ? texts.week : texts.agenda }),
    allDayContent: texts.allDay, noEventsContent: texts.none,
    slotMinTime: board.dataset.from, slotMaxTime: board.dataset.to, slotDuration: "00:15", slotLabelInterval: "01:00", snapDuration: "00:15", slotHeight: 20,
    slotEventOverlap: false, nowIndicator: true, filterResourcesWithEvents: false, dayMaxEvents: false,
    editable: true, longPressDelay: 300,
    views: { resourceTimelineWeek: { slotDuration: "24:00", slotLabelInterval: "24:00", slotMinTime: "00:00", slotMaxTime: "24:00", scrollTime: "00:00", slotWidth: 118, slotLabelFormat: () => "", nowIndicator: false, eventDurationEditable: false } },
    resources: resources[per],
    eventSources: [{ events: (info, success, failure) => {
      const address = `${board.dataset.events}?van=${day(info.start)}&tot=${day(info.end)}&per=${per}${isWeek() ? "&dagen=1" : ""}`;
      fetch(address, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok && !answer.redirected ? answer.json() : Promise.reject(answer))).then(success, failure);
    } }],
    eventContent: ({ event }) => {
      const more = event.extendedProps;
      const box = document.createElement("button");
      box.type = "button";
      box.dataset.event = event.id;
      box.setAttribute("aria-label", [event.title, more.make, more.customer, more.time ?? texts.allDay, more.status, more.work].filter(Boolean).join(", "));
      const line = (text, name) => { const part = document.createElement(name ?? "span"); part.textContent = text; box.append(part); return part; };
      line(event.title, "strong");
      line([isWeek() ? more.time : "", more.make].filter(Boolean).join(" "));
      line([more.customer, more.promised && `${texts.promised} ${more.promised}`].filter(Boolean).join(" · ")).className = "event-where";
      return { domNodes: [box] };
    },
    eventDidMount: ({ el, event }) => { el.title = [event.extendedProps.work, `${event.extendedProps.minutes} ${board.dataset.minutes}`].filter(Boolean).join("\n"); },
    eventAllUpdated: () => {  // the list's parts are no list items, and its days come after the title
      board.querySelectorAll(".ec-list[role=list], .ec-list [role=listitem]").forEach((part) => part.removeAttribute("role"));
      board.querySelectorAll("h4.ec-day-head").forEach((head) => head.setAttribute("aria-level", "3"));
    },
    eventDragStart: () => { isDragged = true; },
    eventResizeStart: () => { isDragged = true; },
    eventDrop: ({ event, oldEvent, oldResource, newResource, revert }) => {
      const moved = newResource ? { from: oldResource.id, to: newResource.id } : null;
      send(event.extendedProps.plan, valuesOf(event, oldEvent, moved), revert);
    },
    eventResize: ({ event, oldEvent, revert }) => send(event.extendedProps.plan, valuesOf(event, oldEvent), revert),
    datesSet: (info) => { range = info; showCapacity(); },
  });
  const open = (event) => (event.editable === false ? location.assign(event.extendedProps.url) : htmx.ajax("GET", event.extendedProps.plan, { target: "#plan", swap: "outerHTML" }));
  const showCapacity = () => htmx.ajax("GET", `${board.dataset.capacity}?van=${day(range.start)}&tot=${day(range.end)}`, { target: "#capacity", swap: "innerHTML" });
  const refresh = () => { calendar.refetchEvents(); showCapacity(); };

  // A press on a card opens it; the end of a drag is no press. (The component's own `eventClick` makes buttons of articles.)
  board.addEventListener("pointerdown", () => { isDragged = false; });
  board.addEventListener("click", (event) => {
    const card = event.target.closest("[data-event]");
    if (card && !isDragged) open(calendar.getEventById(card.dataset.event));
  });
  document.getElementById("board-per")?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-per]");
    if (!button) return;
    per = button.dataset.per;
    document.querySelectorAll("[data-per]").forEach((one) => one.setAttribute("aria-pressed", one === button));
    calendar.setOption("resources", resources[per]);
    calendar.refetchEvents();
  });

  // The dialog opens with what was swapped into it, and closes once it is planned.
  document.body.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "plan" && event.target.children.length && !dialog.open) dialog.showModal(); });
  document.body.addEventListener("planned", () => { dialog.close(); refresh(); });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-dialog]") || event.target === dialog) { event.preventDefault(); dialog.close(); }
  });

  // An unplanned car is dragged onto the board.
  document.addEventListener("dragstart", (event) => {
    const car = event.target.closest?.(".unplanned[data-plan]");
    if (car) event.dataTransfer.setData("application/json", JSON.stringify({ ...car.dataset }));
  });
  board.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("application/json")) event.preventDefault(); });
  board.addEventListener("drop", (event) => {
    const dropped = event.dataTransfer.getData("application/json");
    const point = dropped && calendar.dateFromPoint(event.clientX, event.clientY);
    if (!point) return;
    event.preventDefault();
    const car = JSON.parse(dropped);
    const values = { version: car.version, planned_on: day(point.date), planned_minutes: car.minutes };
    if (!point.allDay && !isWeek()) values.planned_time = clock(point.date);
    if (point.resource && point.resource.id !== "0") values[per === "bays" ? "bay" : "assigned"] = point.resource.id;
    send(car.plan, values);
  });
  setInterval(() => { if (!dialog.open && document.visibilityState === "visible") refresh(); }, 60000);
});
