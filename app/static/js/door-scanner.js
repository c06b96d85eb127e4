// The door's scanner: camera, handheld scanner or typed code, one answer at a time.
import { listCameras, openCamera, sentenceFor, whyNoCamera } from "./parts/camera.js";
import { openOutbox } from "./parts/outbox.js";
import { makeVoice } from "./parts/voice.js";
import { catchScanner } from "./parts/wedge.js";

const REST = 2000; // after a scan, before the camera takes the next
const SAME_AGAIN = 2500; // the same code must have been out of sight this long to count anew
const LATE = 400; // an answer that takes longer gets a "Checking…" first
const CAMERA_ON = "hooray-camera-on";

const root = document.querySelector("[data-door-scanner]");
if (root) openDoor(root);

function openDoor(root) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const panel = makePanel(part);
  const voice = makeVoice(part("sound"));
  const outbox = openOutbox({
    url: root.dataset.scanUrl,
    csrf: root.dataset.csrf,
    tell: {
      answered(answer) {
        panel.show(answer);
        voice.say(answer.tone);
      },
      waiting: panel.waiting,
      shut(sentence, count) {
        panel.shut(sentence, count);
        voice.say("red");
      },
    },
  });

  function scan(code, via) {
    panel.checkingSoon();
    outbox.add({ scan_id: crypto.randomUUID(), code, scanned_at: new Date().toISOString(), via });
  }

  takeTypedCodes(part, { scan, voice, panel });
  useCamera(root, part, { scan, voice, panel });
}

// --- the answer ----------------------------------------------------------------------------------

function makePanel(part) {
  const result = part("result");
  let checking;

  function paint({ tone, heading, lines = [], marks = [], next = null }) {
    clearTimeout(checking);
    result.dataset.tone = tone;
    delete result.dataset.fresh;
    part("heading").replaceChildren(heading); // new nodes, so that the same words are read out again
    part("lines").replaceChildren(...lines.map((line) => made("p", line)));
    part("marks").replaceChildren(...marks.map((sign) => made("li", sign)));
    part("next").replaceChildren(...(next ? [wayOn(next)] : []));
    void result.offsetWidth; // lets the blink start anew
    result.dataset.fresh = "";
  }

  return {
    show(answer) {
      paint(answer);
      if (answer.counts) {
        part("here").textContent = answer.counts.here;
        part("expected").textContent = answer.counts.expected;
      }
      const box = result.getBoundingClientRect();
      if (box.top < 0 || box.bottom > innerHeight) result.scrollIntoView({ block: "start" });
    },
    ready(sentence) {
      if (result.dataset.tone === "ready") part("lines").replaceChildren(made("p", sentence));
    },
    checkingSoon() {
      clearTimeout(checking);
      checking = setTimeout(() => paint({ tone: "busy", heading: "Checking…" }), LATE);
    },
    waiting(count, isTrying) {
      const scans = count === 1 ? "1 scan" : `${count} scans`;
      say(part("waiting"), count && isTrying ? `No answer yet. Sending again… ${scans} waiting, none lost.` : "");
    },
    shut(sentence, count) {
      const scans = count === 1 ? "1 scan is" : `${count} scans are`;
      paint({
        tone: "red",
        heading: "Not sent",
        lines: [sentence || "This door is not open any more. Scan the door link again.", `${scans} kept on this device.`],
      });
    },
    trouble(sentence) {
      const box = part("trouble");
      box.hidden = !sentence;
      say(box, sentence);
    },
  };
}

function made(element, text) {
  const node = document.createElement(element);
  node.textContent = text;
  return node;
}

function wayOn({ label, href }) {
  const link = made("a", label);
  link.className = "nhsuk-button nhsuk-button--reverse";
  link.href = href;
  return link;
}

function say(box, words) {
  if (box.textContent !== words) box.textContent = words;
}

// --- typed codes and handheld scanners -----------------------------------------------------------

function takeTypedCodes(part, { scan, voice, panel }) {
  const box = part("code");
  const scanner = catchScanner(box);

  part("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = box.value.trim();
    if (!code) {
      panel.trouble("Type the code that is printed under the QR code, then press Check in.");
      box.focus();
      return;
    }
    panel.trouble("");
    voice.wake();
    const via = scanner.via();
    box.value = "";
    if (via === "typed" && matchMedia("(pointer: coarse)").matches) box.blur(); // the keyboard hides the answer
    scan(code, via);
  });
}

// --- the camera ----------------------------------------------------------------------------------

function useCamera(root, part, { scan, voice, panel }) {
  const start = part("start");
  const video = part("video");
  let camera = null;
  let worker = null;
  let isWanted = false;
  let isOpening = false;
  let light = false;

  const reason = whyNoCamera();
  if (reason) {
    panel.trouble(reason);
    panel.ready("Type the code, or use a handheld scanner.");
    return;
  }

  const take = onlyOnce((text) => {
    rest(part("camera"));
    scan(text, "camera");
  });

  function reader() {
    if (worker) return worker;
    worker = new Worker(root.dataset.workerUrl);
    const failed = () => {
      panel.trouble("The reader of codes did not load. Reload this page, or type the codes below.");
      close();
      worker = null;
    };
    worker.addEventListener("error", failed);
    worker.addEventListener("message", ({ data }) => data.failed && failed());
    worker.postMessage({ decoder: new URL(root.dataset.decoderUrl, location.href).href });
    return worker;
  }

  async function open(deviceId) {
    if (isOpening) return;
    isOpening = true;
    isWanted = true;
    panel.trouble("");
    try {
      camera?.stop();
      camera = await openCamera(video, { worker: reader(), onText: take, deviceId });
      camera.onLost(() => isWanted && close());
      show(true);
      await offerCameras(camera.deviceId);
    } catch (error) {
      camera = null;
      isWanted = false;
      show(false);
      panel.trouble(sentenceFor(error));
    }
    isOpening = false;
    if (!isWanted) close(); // stopped while it was opening
  }

  function close() {
    isWanted = false;
    camera?.stop();
    camera = null;
    show(false);
  }

  function show(isOn) {
    part("camera").hidden = part("controls").hidden = !isOn;
    start.hidden = isOn;
    light = false;
    part("torch").hidden = !camera?.canLight;
    part("torch").textContent = "Turn light on";
    panel.ready(isOn ? "Point the camera at a pass." : "Start the camera, or type the code.");
    remember(isOn);
  }

  async function offerCameras(current) {
    const all = await listCameras();
    part("cameras").hidden = all.length < 2;
    part("camera-choice").replaceChildren(
      ...all.map((each, place) => new Option(each.label || `Camera ${place + 1}`, each.deviceId, false, each.deviceId === current)),
    );
  }

  start.hidden = false;
  panel.ready("Start the camera, or type the code.");
  start.addEventListener("click", () => {
    voice.wake();
    open();
  });
  part("stop").addEventListener("click", () => {
    close();
    start.focus();
  });
  part("camera-choice").addEventListener("change", ({ target }) => open(target.value));
  part("torch").addEventListener("click", async ({ target }) => {
    light = !light;
    await camera.light(light).catch(() => (light = false));
    target.textContent = light ? "Turn light off" : "Turn light on";
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && camera) {
      camera.stop();
      camera = null;
    } else if (!document.hidden && isWanted && !camera) open(part("camera-choice").value || undefined);
  });
  if (wasOn()) open();
}

// Pass a code on once, however long it is held before the camera.
function onlyOnce(pass) {
  let last = "";
  let seenAt = -Infinity;
  let passedAt = -Infinity;
  return (text) => {
    const now = performance.now();
    const isSame = text === last && now - seenAt < SAME_AGAIN;
    if (isSame) seenAt = now;
    if (isSame || now - passedAt < REST) return;
    last = text;
    seenAt = passedAt = now;
    pass(text);
  };
}

function rest(frame) {
  frame.dataset.resting = "";
  setTimeout(() => delete frame.dataset.resting, REST);
}

// A page that is opened again in this tab, such as after an answer's button, goes on by itself.
function remember(isOn) {
  try {
    if (isOn) sessionStorage.setItem(CAMERA_ON, "yes");
    else sessionStorage.removeItem(CAMERA_ON);
  } catch {
    // Then somebody presses Start again.
  }
}

function wasOn() {
  try {
    return sessionStorage.getItem(CAMERA_ON) === "yes";
  } catch {
    return false;
  }
}
