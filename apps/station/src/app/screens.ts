import type { Role } from "@lientuyen/record";
import { lazy, type ComponentType } from "react";
import { language, loadWords, type FirstWords } from "../words/index.ts";

export interface Screen {
  readonly name: keyof FirstWords["frame"]["titles"];
  /** wouter pattern; parameters by `useParams`. */
  readonly path: string;
  readonly component: ComponentType;
  /** Who may open it; `all`: everyone who is signed in. */
  readonly roles: "all" | readonly Role[];
}

/** The IT administrator has nothing clinical to see. */
export const clinical: readonly Role[] = [
  "physician",
  "physicianAssistant",
  "nurse",
  "coordinator",
  "departmentHead",
  "facilityHead",
];

/** A screen that says more than the first words: they come together with it. */
const worded: typeof lazy = (load) =>
  lazy(() => {
    loadWords(language()).catch(() => undefined);
    return load();
  });

/**
 * Every screen behind the lock. The router draws this list and the tests walk through it.
 * (Before the lock stand the sign-in screens, drawn by the gate's state, and `/camera/:token` for a phone.)
 */
export const screens: readonly Screen[] = [
  {
    name: "home",
    path: "/",
    roles: "all",
    component: lazy(() =>
      import("../features/home/HomeScreen.tsx").then((m) => ({ default: m.HomeScreen })),
    ),
  },
  {
    name: "newCase",
    path: "/new",
    roles: clinical,
    component: lazy(() =>
      import("../features/caseForm/NewCaseScreen.tsx").then((m) => ({ default: m.NewCaseScreen })),
    ),
  },
  {
    name: "emergency",
    path: "/emergency",
    roles: clinical,
    component: lazy(() =>
      import("../features/caseForm/NewCaseScreen.tsx").then((m) => ({
        default: m.EmergencyScreen,
      })),
    ),
  },
  {
    name: "caseForm",
    path: "/case/:id/form/:step?",
    roles: clinical,
    component: lazy(() =>
      import("../features/caseForm/CaseFormScreen.tsx").then((m) => ({
        default: m.CaseFormScreen,
      })),
    ),
  },
  {
    name: "device",
    path: "/device",
    roles: "all",
    component: worded(() =>
      import("../features/device/DeviceScreen.tsx").then((m) => ({ default: m.DeviceScreen })),
    ),
  },
  {
    name: "worklist",
    path: "/worklist",
    roles: clinical,
    component: worded(() =>
      import("../features/worklist/WorklistScreen.tsx").then((m) => ({
        default: m.WorklistScreen,
      })),
    ),
  },
  {
    name: "case",
    path: "/case/:id",
    roles: clinical,
    component: worded(() =>
      import("../features/caseView/CaseScreen.tsx").then((m) => ({ default: m.CaseScreen })),
    ),
  },
  {
    name: "requests",
    path: "/requests",
    roles: ["coordinator", "departmentHead", "facilityHead"],
    component: worded(() =>
      import("../features/requests/RequestsScreen.tsx").then((m) => ({
        default: m.RequestsScreen,
      })),
    ),
  },
  {
    name: "answers",
    path: "/answers",
    roles: clinical,
    component: worded(() =>
      import("../features/answers/AnswersScreen.tsx").then((m) => ({ default: m.AnswersScreen })),
    ),
  },
  {
    name: "cases",
    path: "/cases",
    roles: clinical,
    component: worded(() =>
      import("../features/search/CasesScreen.tsx").then((m) => ({ default: m.CasesScreen })),
    ),
  },
  {
    name: "people",
    path: "/people",
    roles: ["itAdministrator"],
    component: worded(() =>
      import("../features/administration/PeopleScreen.tsx").then((m) => ({
        default: m.PeopleScreen,
      })),
    ),
  },
  {
    name: "timeline",
    path: "/case/:id/timeline",
    roles: clinical,
    component: worded(() =>
      import("../features/timeline/TimelineScreen.tsx").then((m) => ({
        default: m.TimelineScreen,
      })),
    ),
  },
  {
    name: "live",
    path: "/case/:id/live",
    roles: clinical,
    component: lazy(() =>
      import("../features/live/LiveScreen.tsx").then((m) => ({ default: m.LiveScreen })),
    ),
  },
  {
    name: "print",
    path: "/case/:id/print",
    roles: clinical,
    component: worded(() =>
      import("../features/print/PrintScreen.tsx").then((m) => ({ default: m.PrintScreen })),
    ),
  },
];

/** Paths outside the lock, for the tests that visit every screen. */
export const openPaths: readonly string[] = ["/camera/:token", "/first"];
