// A short sound and a buzz for each answer, told apart by pitch and length; the sound can be off.
const NOTES = { green: [880, 1320], yellow: [660, 660], red: [220, 165] };
const BUZZ = { green: [80], yellow: [60, 60, 60], red: [300, 80, 300] };
const SHELF = "hooray-sound";

export function makeVoice(button) {
  let isOn = read() !== "off";
  let speaker;

  function show() {
    button.textContent = isOn ? "Turn sound off" : "Turn sound on";
  }

  button.addEventListener("click", () => {
    isOn = !isOn;
    write(isOn ? "on" : "off");
    show();
    if (isOn) play(wake(), NOTES.green);
  });
  show();

  // Browsers let a page sound only after somebody touched it.
  function wake() {
    speaker ??= window.AudioContext ? new AudioContext() : null;
    speaker?.resume();
    return speaker;
  }

  return {
    wake,
    say(tone) {
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ[tone] || []);
      if (isOn && speaker && NOTES[tone]) play(speaker, NOTES[tone]);
    },
  };
}

function play(speaker, notes) {
  if (!speaker) return;
  notes.forEach((pitch, place) => {
    const start = speaker.currentTime + place * 0.13;
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.25, start + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.12);
    tone.connect(volume).connect(speaker.destination);
    tone.start(start);
    tone.stop(start + 0.13);
  });
}

function read() {
  try {
    return localStorage.getItem(SHELF);
  } catch {
    return null;
  }
}

function write(value) {
  try {
    localStorage.setItem(SHELF, value);
  } catch {
    // A private window may refuse; then the choice lasts as long as the page.
  }
}
