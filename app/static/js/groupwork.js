// Group work: the clock that everybody sees, pages that follow the session, and cards that survive a
// lost network. Without this script the pages work; they are then loaded anew by hand.
import { countDown } from "./parts/countdown.js";
import { keepDrafts } from "./parts/drafts.js";
import { followScene } from "./parts/scene.js";

countDown();
keepDrafts();
followScene();
