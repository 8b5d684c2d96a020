import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errors } from "@lientuyen/api";
import { addFacility, createServer, makeFirstLink, makeServerKeys } from "@lientuyen/server";
import { expect, it } from "vitest";
import { startPostgres } from "../postgres.ts";
import { openBrowser } from "./harness/browser.ts";
import { look } from "./harness/look.ts";
import { signIn, words } from "./harness/person.ts";

const text = words.firstStart;
const longName = "Công Tằng Tôn Nữ Nguyễn Thị Hoàng Phương Anh Thư";
const password = "mot-cau-du-dai-2026";

it("an empty installation is founded by the one-time link, and its administrator signs in", async () => {
  const postgres = await startPostgres();
  const filesDir = await mkdtemp(join(tmpdir(), "lientuyen-files-"));
  const server = await createServer({
    databaseUrl: await postgres.freshDatabase(),
    filesDir,
    staticDir: fileURLToPath(new URL("../../apps/station/dist", import.meta.url)),
    host: "127.0.0.1",
    port: 0,
    keys: makeServerKeys(),
    now: () => Date.now(),
    random: (count) => new Uint8Array(randomBytes(count)),
    log: { level: "silent" },
  });
  const browser = await openBrowser();
  const { page } = browser;
  try {
    const { url } = await server.listen();
    const token = await makeFirstLink(server.core);
    await page.goto(`${url}/first#${token ?? ""}`);
    const found = page.getByRole("button", { name: text.found });
    await found.click();
    await page.getByText(text.faults.code).waitFor();
    await page.getByLabel(text.code, { exact: true }).fill("12911");
    await page.getByLabel(text.facilityName, { exact: true }).fill("Trạm Y tế xã Thu Lũm");
    await page.getByLabel(text.name, { exact: true }).fill("Lù Thị Dung");
    await page.getByLabel(text.account, { exact: true }).fill("dung");
    await page.getByLabel(text.password, { exact: true }).fill(password);
    await page.getByLabel(text.again, { exact: true }).fill("khac");
    await found.click();
    await page.getByText(text.faults.again).waitFor();
    await page.getByLabel(text.again, { exact: true }).fill(password);
    await found.click();
    await page.getByRole("link", { name: text.signIn }).click();
    await signIn(page, "dung", password);
    await page.getByRole("heading", { name: words.administration.title }).waitFor();

    // It worked once, and there is no other.
    expect(await makeFirstLink(server.core)).toBeUndefined();

    // A further facility, founded at the console: its link asks for the person alone.
    const province = {
      code: "12901",
      name: "Bệnh viện Đa khoa khu vực liên huyện Mường Tè – Nậm Nhùn – Sìn Hồ (cơ sở hai, Lai Châu)",
      level: "provincial",
    } as const;
    const added = await addFacility(server.core, province);
    const link = `${url}/first#${added.answer === "added" ? added.token : ""}`;
    const other = await openBrowser();
    try {
      await other.page.goto(link);
      await other.page.getByText(text.explainFounded(province.name)).waitFor();
      expect(await other.page.getByLabel(text.code, { exact: true }).count()).toBe(0);
      await other.page.getByLabel(text.name, { exact: true }).fill(longName);
      await other.page.getByLabel(text.account, { exact: true }).fill("Dung");
      await other.page.getByLabel(text.password, { exact: true }).fill(password);
      await other.page.getByLabel(text.again, { exact: true }).fill(password);
      const make = other.page.getByRole("button", { name: text.make });
      await make.click();
      await other.page.getByText(errors.account_taken.vi).waitFor();
      await other.page.getByLabel(text.account, { exact: true }).fill("son");
      await make.click();
      await other.page.getByRole("link", { name: text.signIn }).click();
      await signIn(other.page, "son", password);
      await other.page.getByRole("heading", { name: words.administration.title }).waitFor();
      // Names as long as they come leave the ways to go their room.
      expect(await look(other.page, "long-names")).toEqual([]);

      // Opened again, it says so before anything is typed.
      await other.page.goto("about:blank");
      await other.page.goto(link);
      await other.page.getByText(text.expired).waitFor();
      expect(await other.page.getByRole("button", { name: text.make }).count()).toBe(0);
    } finally {
      await other.close();
    }
    expect(browser.faults).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
    await postgres.close();
    await rm(filesDir, { recursive: true, force: true });
  }
});
