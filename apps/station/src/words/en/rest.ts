import type { RestWords } from "../index.ts";
import { administration } from "./administration.ts";
import { answers } from "./answers.ts";
import { camera } from "./camera.ts";
import { capture } from "./capture.ts";
import { caseView } from "./caseView.ts";
import { decisions } from "./decisions.ts";
import { device } from "./device.ts";
import { firstStart } from "./firstStart.ts";
import { print } from "./print.ts";
import { requests } from "./requests.ts";
import { search } from "./search.ts";
import { timeline } from "./timeline.ts";
import { worklist } from "./worklist.ts";

/** What all other screens say; one row a feature. */
export const rest: RestWords = {
  administration,
  answers,
  camera,
  capture,
  caseView,
  decisions,
  device,
  firstStart,
  print,
  requests,
  search,
  timeline,
  worklist,
};
