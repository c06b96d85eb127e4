// A handheld scanner is a keyboard that ends with Enter. No guessing by time whether to catch it: the
// first key that no text box takes moves the focus into the code box; the rest lands there, Enter sends it.
const TEXT_BOXES = "input, textarea, select, [contenteditable]";
const FAST_KEY = 40; // milliseconds; only names how a code came, never drops one

export function catchScanner(box) {
  const keys = [];

  addEventListener(
    "keydown",
    (event) => {
      if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
      keys.push(event.timeStamp);
      if (event.target.closest?.(TEXT_BOXES)) return;
      if (event.key === " " && event.target.closest?.("button, a, summary")) return; // presses it
      box.value = "";
      keys.splice(0, keys.length - 1);
      box.focus({ preventScroll: true });
    },
    true,
  );

  return {
    // How the code that is in the box came there.
    via() {
      const length = box.value.length;
      const burst = keys.slice(-length);
      keys.length = 0;
      if (length < 4 || burst.length < length) return "typed";
      return (burst.at(-1) - burst[0]) / (length - 1) < FAST_KEY ? "scanner" : "typed";
    },
  };
}
