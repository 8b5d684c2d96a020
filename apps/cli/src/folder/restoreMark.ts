import { existsSync } from "node:fs";
import path from "node:path";
import { Failure } from "../failure.ts";

/** There while a restore is under way: half of a database is nothing to serve. The server's own start knows it too. */
export const restoreMark = (folder: string): string => path.join(folder, "restore-unfinished");

/** @throws Failure where a restore was cut off */
export const demandWhole = (folder: string): void => {
  if (existsSync(restoreMark(folder))) throw new Failure({ code: "restoreUnfinished", folder });
};
