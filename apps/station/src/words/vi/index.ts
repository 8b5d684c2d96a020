import { camera } from "./camera.ts";
import { capture } from "./capture.ts";
import { caseForm } from "./caseForm.ts";
import { device } from "./device.ts";
import { firstStart } from "./firstStart.ts";
import { frame } from "./frame.ts";
import { home } from "./home.ts";
import { shell } from "./shell.ts";
import { status } from "./status.ts";
import { administration } from "./administration.ts";
import { answers } from "./answers.ts";
import { caseView } from "./caseView.ts";
import { decisions } from "./decisions.ts";
import { notify } from "./notify.ts";
import { print } from "./print.ts";
import { requests } from "./requests.ts";
import { search } from "./search.ts";
import { timeline } from "./timeline.ts";
import { vocabulary } from "./vocabulary.ts";
import { worklist } from "./worklist.ts";

/** One row a feature. */
export const words = {
  camera,
  capture,
  caseForm,
  device,
  firstStart,
  frame,
  home,
  shell,
  status,
  administration,
  answers,
  caseView,
  decisions,
  notify,
  print,
  requests,
  search,
  timeline,
  vocabulary,
  worklist,
};
