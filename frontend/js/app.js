// Everything a page needs at once; charts and maps are fetched only where a page has one.
import htmx from "htmx.org/dist/htmx.esm.js";
import { start } from "./ready.js";
import "./menus.js";
import "./keyboard.js";
import "./dialogs.js";
import "./tables.js";
import "./tabs.js";
import "./filters.js";
import "./forms.js";
import "./pictures.js";
import "./printing.js";
import "./scores.js";
import "./speech.js";
import "./theme.js";
import "./toasts.js";

window.htmx = htmx;
start();
