// <p data-ends="…" data-now="…"> holds a [data-clock] that counts down by the server's clock, and a
// [data-clock-banner] that stands there for the last two minutes.
const OFTEN = 250;
const LAST = 120;
let ahead = 0; // how far the server's clock is ahead of ours
let read;

export function countDown() {
  show();
  setInterval(show, OFTEN);
}

function show() {
  for (const clock of document.querySelectorAll("[data-ends]")) {
    if (clock.dataset.now !== read) {
      read = clock.dataset.now;
      ahead = Date.parse(read) - Date.now();
    }
    const left = Math.ceil((Date.parse(clock.dataset.ends) - Date.now() - ahead) / 1000);
    say(clock.querySelector("[data-clock]"), words(left));
    clock.classList.toggle("is-over", left <= 0);
    const banner = clock.querySelector("[data-clock-banner]");
    if (banner) banner.hidden = left > LAST || left <= 0;
  }
}

const words = (left) =>
  left <= 0 ? "Time is up" : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;

function say(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}
