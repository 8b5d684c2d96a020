import type { HttpRequest, HttpResponse } from "@lientuyen/sync";

/** A line between a device and the server that breaks when told to, at the bytes of real HTTP exchanges. */
export interface CutLine {
  readonly fetch: (url: string, request: HttpRequest) => Promise<HttpResponse>;
  /** Share of requests that are cut; 0 is a sound line. */
  chance: number;
  /** No request gets through at all. */
  isDown: boolean;
  readonly cuts: () => Readonly<Record<Cut, number>>;
}

/** before: it never left. during: the request or its answer broke off in the middle. after: the answer was lost whole. */
export type Cut = "before" | "during" | "after";

export function createCutLine(next: () => number): CutLine {
  const cuts: Record<Cut, number> = { before: 0, during: 0, after: 0 };
  const cut = (where: Cut): never => {
    cuts[where] += 1;
    throw new TypeError("the line was cut");
  };
  const line = {
    chance: 0,
    isDown: false,
    cuts: () => ({ ...cuts }),
    fetch: async (url: string, request: HttpRequest): Promise<HttpResponse> => {
      if (line.isDown) throw new TypeError("no line");
      const where = next() < line.chance ? pick(next()) : undefined;
      if (where === "before") return cut("before");
      if (where === "during" && next() < 0.5)
        return abortMidway(url, request, next(), () => cut("during"));
      const response = await fetch(url, init(request));
      if (where === "during") return brokenOff(response, next(), () => (cuts.during += 1));
      if (where === "after") {
        await response.arrayBuffer();
        return cut("after");
      }
      return response;
    },
  };
  return line;
}

const pick = (chance: number): Cut => (chance < 0.2 ? "before" : chance < 0.6 ? "during" : "after");

const init = ({ method, headers, body, signal }: HttpRequest, own?: AbortSignal): RequestInit => ({
  method,
  headers,
  ...(body === undefined ? {} : { body }),
  ...(own !== undefined ? { signal: own } : signal instanceof AbortSignal ? { signal } : {}),
});

/** The connection is torn while the request is under way: the server may have it, or a part of it, or nothing. */
async function abortMidway(
  url: string,
  request: HttpRequest,
  chance: number,
  cut: () => never,
): Promise<HttpResponse> {
  const stopper = new AbortController();
  const timer = setTimeout(() => stopper.abort(), chance * 25);
  try {
    const response = await fetch(url, init(request, stopper.signal));
    await response.arrayBuffer();
  } catch {
    return cut();
  } finally {
    clearTimeout(timer);
  }
  return cut();
}

/** The answer comes up to some byte and no further. */
function brokenOff(response: Response, chance: number, note: () => void): HttpResponse {
  const { status, headers } = response;
  const reader = response.body?.getReader();
  let left = Math.floor(chance * 3_000);
  const body = {
    getReader: () => ({
      cancel: () => reader?.cancel() ?? Promise.resolve(),
      read: async () => {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) {
          note();
          throw new TypeError("the line was cut");
        }
        if (piece.value.length <= left) {
          left -= piece.value.length;
          return { done: false, value: piece.value };
        }
        if (left > 0) {
          const value = piece.value.slice(0, left);
          left = 0;
          return { done: false, value };
        }
        note();
        await reader?.cancel().catch(() => undefined);
        throw new TypeError("the line was cut");
      },
    }),
  };
  return {
    status,
    headers,
    body,
    arrayBuffer: () => Promise.reject(new TypeError("the line was cut")),
  };
}
