import type { Core } from "../core.ts";
import type { Handlers } from "../http/register.ts";
import { append } from "./append.ts";
import { keepEarlier } from "./earlier.ts";

export const entryHandlers = (core: Core): Pick<Handlers, "entries"> => ({
  entries: async ({ session, input }) => {
    const answers = [...(await append(core, { facility: session.facility }, input.entries))];
    await keepEarlier(core, session.facility, input.earlier ?? []);
    return { answers };
  },
});
