// Scans on their way to the server. Each is kept here and on the device until the server names it, and
// carries the same scan_id however often it is sent; so a lost answer never makes a second check-in.
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const PATIENCE = 8000;

// tell: { answered(answer, scan), waiting(count, isTrying), shut(sentence) }
export function openOutbox({ url, csrf, tell }) {
  const shelf = `hooray-scans ${url}`;
  const scans = kept(shelf);
  let isSending = false;
  let wait = FIRST_WAIT;
  let timer;

  function keep() {
    try {
      localStorage.setItem(shelf, JSON.stringify(scans));
    } catch {
      // A private window may refuse; the list in memory still holds them.
    }
  }

  async function send() {
    clearTimeout(timer);
    if (isSending) return;
    isSending = true;
    while (scans.length) {
      const went = await post(scans[0]);
      if (went === "again") {
        tell.waiting(scans.length, true);
        timer = setTimeout(send, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
        break;
      }
      if (went === "shut") break;
      wait = FIRST_WAIT;
    }
    isSending = false;
    if (!scans.length) tell.waiting(0, false);
  }

  async function post(scan) {
    const giveUp = new AbortController();
    const clock = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      const reply = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        signal: giveUp.signal,
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf },
        // Our clock now, beside its reading at the scan, tells the server how long the scan has waited.
        body: JSON.stringify({ ...scan, sent_at: new Date().toISOString() }),
      });
      if (reply.status === 429 || reply.status === 408 || reply.status >= 500) return "again";
      const answer = await reply.json().catch(() => ({}));
      if (answer.scan_id === scan.scan_id) return done(scan, answer);
      if (reply.ok) return "again"; // something between us and the server answered in its place
      tell.shut(answer.error || "", scans.length);
      return "shut";
    } catch {
      return "again"; // no network, or no answer in time
    } finally {
      clearTimeout(clock);
    }
  }

  function done(scan, answer) {
    scans.splice(scans.indexOf(scan), 1);
    keep();
    tell.answered(answer, scan);
    return "done";
  }

  addEventListener("online", send);
  addEventListener("visibilitychange", () => document.hidden || send());
  if (scans.length) send();

  return {
    add(scan) {
      scans.push(scan);
      keep();
      if (isSending || scans.length > 1) tell.waiting(scans.length, true);
      send();
    },
  };
}

function kept(shelf) {
  try {
    return JSON.parse(localStorage.getItem(shelf)) || [];
  } catch {
    return [];
  }
}
