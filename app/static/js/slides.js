// A page with links rel="next" and rel="prev": arrow keys, the space bar and a presenter's clicker turn it.
const KEYS = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "prev", PageUp: "prev" };

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("a, button, input")) return;
  const link = document.querySelector(`a[rel="${KEYS[event.key]}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
