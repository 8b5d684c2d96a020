import { hostname, networkInterfaces } from "node:os";

const isPrivate = (address: string): boolean =>
  /^(10\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/.test(
    address,
  );

/** This machine's addresses in its own network, IPv4, as phones beside it reach it. */
export const findLanAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((rows) => rows ?? [])
    .filter((row) => row.family === "IPv4" && !row.internal && isPrivate(row.address))
    .map((row) => row.address)
    .sort();

/** Name by which the network may know this machine (multicast DNS). */
export const localName = (): string =>
  `${
    hostname()
      .split(".")[0]
      ?.toLowerCase()
      .replace(/[^a-z0-9-]/g, "") ?? "lientuyen"
  }.local`;
