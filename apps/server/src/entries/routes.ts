import type { Core } from "../core.ts";
import type { Handlers } from "../http/register.ts";
import { append } from "./append.ts";

export const entryHandlers = (core: Core): Pick<Handlers, "entries"> => ({
  entries: async ({ session, input }) => ({
    answers: [...(await append(core, { facility: session.facility }, input.entries))],
  }),
});
