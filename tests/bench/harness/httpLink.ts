import { connect, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One connection that is kept open, and one request on it at a time. */
export interface HttpLink {
  /** `request` as `httpRequest` makes it. @throws Error when the connection ends before its answer. */
  readonly ask: (request: Buffer) => Promise<Answer>;
  readonly close: () => void;
}

/** A whole request as bytes, made ahead so that a bench's own work takes as little of the machine as it can. */
export const httpRequest = (
  method: "GET" | "POST",
  path: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Buffer => {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(method === "GET"
      ? []
      : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
};

const headEnd = Buffer.from("\r\n\r\n");

export const openHttpLink = async (port: number): Promise<HttpLink> => {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return { ask: askerOf(socket), close: () => void socket.destroy() };
};

const askerOf = (socket: Socket): HttpLink["ask"] => {
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  let pieces: Buffer[] = [];
  const fail = (): void => waiting?.reject(new Error("the connection ended before its answer"));
  socket.on("error", () => undefined);
  socket.on("close", fail);
  socket.on("data", (piece) => {
    pieces.push(typeof piece === "string" ? Buffer.from(piece) : piece);
    const whole = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
    if (whole === undefined) return;
    const answer = answerIn(whole);
    pieces = answer === undefined ? [whole] : [];
    if (answer !== undefined) waiting?.resolve(answer);
  });
  return (request) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      socket.write(request);
    });
};

/** The server's answers say how long they are. */
const answerIn = (bytes: Buffer): Answer | undefined => {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const from = end + headEnd.length;
  if (bytes.length < from + length) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.toString("utf8", from, from + length) };
};
