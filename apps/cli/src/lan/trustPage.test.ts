import { expect, test } from "vitest";
import { terminalQr } from "./trustPage.ts";

test("the code for the terminal is square: two rows a line, a margin all around", async () => {
  for (const url of ["http://10.0.0.5:8081/trust", "http://192.168.100.150:65535/trust"]) {
    const lines = (await terminalQr(url)).split("\n").filter((line) => line !== "");
    const widths = new Set(lines.map((line) => line.length));
    expect(widths.size).toBe(1);
    const [width = 0] = widths;
    expect(lines).toHaveLength(Math.ceil(width / 2));
  }
});
