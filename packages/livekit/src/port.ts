import { createSocket } from "node:dgram";
import { createServer } from "node:net";

const portOf = (address: unknown): number => {
  if (typeof address === "object" && address !== null && "port" in address)
    return Number(address.port);
  throw new Error("no port");
};

const freeTcp = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const port = portOf(server.address());
      server.close(() => resolve(port));
    });
  });

const freeUdp = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket("udp4").once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const port = portOf(socket.address());
      socket.close(() => resolve(port));
    });
  });

/** A loopback port that nobody has now. */
export const freePort = (kind: "tcp" | "udp"): Promise<number> =>
  kind === "tcp" ? freeTcp() : freeUdp();
