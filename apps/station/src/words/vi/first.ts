import { caseForm } from "./caseForm.ts";
import { frame } from "./frame.ts";
import { home } from "./home.ts";
import { notify } from "./notify.ts";
import { shell } from "./shell.ts";
import { status } from "./status.ts";
import { vocabulary } from "./vocabulary.ts";

/** What the home screen, the frame around it and the case form say. */
export const first = { caseForm, frame, home, notify, shell, status, vocabulary };
