import { describe, expect, test } from "vitest";
import { readDepositPlaces } from "./places.ts";

const read = (text: string) => readDepositPlaces(text, "/from");
const folder = (name: string) => ({ kind: "folder", folder: name });

describe("places for checkpoints", () => {
  test("one, or several with a comma or a space between; a folder's name may hold both", () => {
    expect(read("/mnt/Sở Y tế, mốc")).toEqual([folder("/mnt/Sở Y tế, mốc")]);
    expect(read("kept")).toEqual([folder("/from/kept")]);
    const both = [folder("/mnt/a b"), { kind: "server", url: "https://other.example:8443" }];
    expect(read("/mnt/a b,https://other.example:8443")).toEqual(both);
    expect(read(" /mnt/a b  https://other.example:8443, ")).toEqual(both);
  });

  test("a mail server, its login, who is written to and who writes", () => {
    expect(
      read("smtps://moc%40so.vn:p%2C%20w@mail.so.vn/?to=b@bv.vn,a@bv.vn,b@bv.vn /mnt/kept"),
    ).toEqual([
      {
        kind: "mail",
        mail: {
          host: "mail.so.vn",
          port: 465,
          secure: true,
          login: { user: "moc@so.vn", password: "p, w" },
          from: "moc@so.vn",
          to: ["a@bv.vn", "b@bv.vn"],
        },
      },
      folder("/mnt/kept"),
    ]);
    expect(read("smtp://[::1]:25/?to=a@bv.vn&from=c@d.vn")).toMatchObject([
      { mail: { host: "::1", port: 25, secure: false, login: undefined, from: "c@d.vn" } },
    ]);
  });

  test.each([
    "smtps://mail.so.vn/?to=a@bv.vn",
    "smtps://moc@mail.so.vn/?to=a@bv.vn",
    "smtps://c%40d.vn:x@mail.so.vn/",
    "smtps://c%40d.vn:x@mail.so.vn/?to=nobody",
    "smtps://c%40d.vn:%E0%A4%A@mail.so.vn/?to=a@bv.vn",
    "smtps://c%40d.vn:x@mail.so.vn/?to=a@bv.vn%0d%0aBcc:x@y",
    "ftp://so.vn/kept",
    "/mnt/kept https://",
  ])("%s is none", (text) => {
    expect(read(text)).toBeUndefined();
  });
});
