// <button data-print hidden>: shown and working where a script runs.
export function letPrint(root = document) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
