// Live progress of a sync. The hub sends `progress` events whose fields are words for the places of the same name, and
// one `end` event; then the page is loaded anew and shows the finished run. A lost connection is the browser's to mend.

// A screen reader hears the stage when it changes, and otherwise no more often than this.
const MILLISECONDS_BETWEEN_ANNOUNCEMENTS = 15000;

const section = document.querySelector("[data-events]");

function follow(section) {
  const bar = section.querySelector("progress");
  const status = section.querySelector("[data-progress-status]");
  const places = section.querySelectorAll("[data-progress]");
  let announced = { stage: "", at: 0 };

  function announce(state) {
    const now = performance.now();
    if (state.stage === announced.stage && now - announced.at < MILLISECONDS_BETWEEN_ANNOUNCEMENTS) return;
    announced = { stage: state.stage, at: now };
    status.textContent = `${state.stage}: ${state.documents} documents, time left ${state.left}`;
  }

  const events = new EventSource(section.dataset.events);
  events.addEventListener("progress", (event) => {
    const state = JSON.parse(event.data);
    for (const place of places) place.textContent = state[place.dataset.progress];
    if (state.max === null) {
      bar.removeAttribute("value");
    } else {
      bar.max = Math.max(state.max, 1);
      bar.value = state.value;
    }
    announce(state);
  });
  events.addEventListener("end", () => {
    events.close();
    location.reload();
  });
}

if (section) follow(section);
