import { first } from "./first.ts";
import { rest } from "./rest.ts";

/** All texts of the screens at once; the app fetches them in two parts. */
export const words = { ...first, ...rest };
