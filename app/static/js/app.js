// Runs on every page. Each behaviour looks for its own data- attribute; without one it does nothing.
import { initAll } from "nhsuk-frontend";
import { letCopy } from "./parts/copy.js";
import { letPrint } from "./parts/print.js";
import { focusWhatHappened } from "./parts/focus.js";
import { sendOnce } from "./parts/once.js";
import { goBack } from "./parts/back.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
letCopy();
letPrint();
focusWhatHappened();
sendOnce();
goBack();
