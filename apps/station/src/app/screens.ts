import type { Role } from "@lientuyen/record";
import { lazy, type ComponentType } from "react";

export interface Screen {
  readonly name: string;
  /** wouter pattern; parameters by `useParams`. */
  readonly path: string;
  readonly component: ComponentType;
  /** Who may open it; `all`: everyone who is signed in. */
  readonly roles: "all" | readonly Role[];
}

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
];

/** Paths outside the lock, for the tests that visit every screen. */
export const openPaths: readonly string[] = ["/camera/:token"];
