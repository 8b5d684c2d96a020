import { request as open, Agent, type IncomingHttpHeaders } from "node:http";

/** A request byte for byte as it is meant, which `fetch` would tidy up. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface RawAnswer {
  /** 0: the connection was closed, -1: no answer in time. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const mostMs = 15_000;

/** A stream of events is left once it has begun. */
export const send = (
  url: string,
  { method, path, headers, body }: RawRequest,
): Promise<RawAnswer> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const outgoing = open({ agent, hostname, port, method, path, headers }, (response) => {
      const pieces: Buffer[] = [];
      const done = (): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(pieces).toString("utf8"),
        });
      response.on("data", (piece: Buffer) => {
        pieces.push(piece);
        if (response.headers["content-type"] === "text/event-stream") {
          done();
          outgoing.destroy();
        }
      });
      response.on("end", done);
      response.on("error", done);
    });
    outgoing.setTimeout(mostMs, () => {
      resolve({ status: -1, headers: {}, text: "" });
      outgoing.destroy();
    });
    outgoing.on("error", (error) => resolve({ status: 0, headers: {}, text: error.message }));
    outgoing.end(body);
  });
