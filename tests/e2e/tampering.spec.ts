import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTimeline } from "./harness/case.ts";
import { showOnFailure } from "./harness/failure.ts";
import { speak } from "./harness/language.ts";
import { look } from "./harness/look.ts";
import { arrive, words, type Person } from "./harness/person.ts";
import { openWorld, type World } from "./harness/world.ts";

const { timeline, caseView, vocabulary } = words;

let world: World;
let database: pg.Client;
let reader: Person;

/** Whoever holds the database can switch off what keeps its rows from being changed. */
const alter = async (sql: string, values: readonly string[]): Promise<void> => {
  await database.query("set session_replication_role = replica");
  const { rowCount } = await database.query(sql, [...values]);
  expect(rowCount).toBeGreaterThan(0);
};

/** The entry of this kind in the patient's case. */
const find = async (patient: string, kind: string): Promise<string> => {
  const { rows } = await database.query<{ hash: string }>(
    `select e.hash from entry e where e.kind = $2 and e.log in
       (select log from body where body like '%' || $1 || '%' and log like 'case/%') order by e.seq limit 1`,
    [patient, kind],
  );
  return rows[0]?.hash ?? "";
};

beforeAll(async () => {
  world = await openWorld();
  database = new pg.Client({ connectionString: world.superuserUrl });
  await database.connect();
  await database.query("set search_path = lientuyen");

  await alter("update body set body = replace(body, 'mupirocin', 'gentamicin') where entry = $1", [
    await find("Sùng A Páo", "opinionGiven"),
  ]);
  const removed = await find("Giàng Thị Chia", "examination");
  await alter("delete from body where entry = $1", [removed]);
  await alter("delete from entry where hash = $1", [removed]);
  // Two entries change places: the later one is made to look as if it had come first.
  const [first, second] = await Promise.all(
    ["historyTaken", "vitalSigns"].map((kind) => find("Khoàng Gạ Po", kind)),
  );
  await alter(
    `update entry e set receipt = jsonb_set(e.receipt::jsonb, '{seq}', o.receipt::jsonb -> 'seq')::text
       from entry o where e.hash in ($1, $2) and o.hash in ($1, $2) and o.hash <> e.hash`,
    [first ?? "", second ?? ""],
  );
  // What is left can be read by everybody who reads it now for the first time.
  reader = await arrive(world, "sontv");
});
afterAll(async () => {
  await reader?.close();
  await database?.end();
  await world?.close();
});

const openCase = async (patient: string): Promise<void> => {
  await reader.go("/cases");
  await reader.page.getByRole("main").getByRole("link").filter({ hasText: patient }).click();
  await reader.page.getByRole("link", { name: caseView.timeline, exact: true }).first().waitFor();
};

const banner = () =>
  reader.page
    .getByRole("alert")
    .or(reader.page.getByRole("status"))
    .filter({ hasText: timeline.proofBroken });

it("a changed word turns the timeline red and names the entry; the word itself is not shown", async () => {
  showOnFailure("tampering changed", () => [reader]);
  const { page } = reader;
  await openCase("Sùng A Páo");
  await banner().filter({ hasText: timeline.brokenCase }).waitFor();
  await openTimeline(page);
  const line = timeline.faultLeftOut(
    vocabulary.kind.opinionGiven,
    "BS. Hoàng Thị Mai",
    timeline.what.bodyHash,
  );
  await banner().getByRole("link", { name: line, exact: true }).click();
  const item = page.locator(`[id="${new URL(page.url()).hash.slice(1)}"]`);
  await item.getByText(timeline.faulty).waitFor();
  expect(await item.textContent()).toContain(vocabulary.kind.opinionGiven);
  expect(await page.getByText("gentamicin").count()).toBe(0);
  expect(await page.getByText(timeline.proofHolds).count()).toBe(0);
  // Every other entry is as it was.
  expect(await page.getByText(timeline.faulty).count()).toBe(1);
});

it("a removed entry leaves a hole that is named at the entry after it", async () => {
  showOnFailure("tampering removed", () => [reader]);
  await openCase("Giàng Thị Chia");
  await openTimeline(reader.page);
  await banner()
    .getByRole("link", { name: new RegExp(timeline.what.gap) })
    .waitFor();
  await reader.page
    .getByRole("listitem")
    .filter({ has: reader.page.getByText(timeline.faulty) })
    .first()
    .waitFor();
});

it("two entries that changed places are both named", async () => {
  showOnFailure("tampering swapped", () => [reader]);
  await openCase("Khoàng Gạ Po");
  await banner().filter({ hasText: timeline.brokenCase }).waitFor();
  await openTimeline(reader.page);
  for (const kind of [vocabulary.kind.historyTaken, vocabulary.kind.vitalSigns])
    await banner()
      .getByRole("link", {
        name: new RegExp(`\\(${kind}, BS. Khoàng Văn Phúc\\): ${timeline.what.chain}`),
      })
      .waitFor();
  // The words are their author's all the same, and a doctor needs them.
  await reader.page.getByText("Yếu nửa người phải từ sáng").first().waitFor();
});

it("a case that nobody touched still proves itself", async () => {
  showOnFailure("tampering sound", () => [reader]);
  await openCase("Hảng Thị Say");
  await openTimeline(reader.page);
  await reader.page.getByText(timeline.proofHolds, { exact: true }).waitFor();
  expect(reader.faults).toEqual([]);
});

/** Opens the app anew and waits until it has asked for the server's checkpoint; the size that it keeps one of. */
const askAgain = async (): Promise<number> => {
  await reader.page.reload();
  const asked = reader.page.waitForResponse((response) =>
    response.url().includes("/v1/checkpoint"),
  );
  await reader.unlock();
  const response = await asked;
  return Number(new URL(response.url()).searchParams.get("since"));
};

it("a server that takes back what it had signed is shown on every screen, and goes on being shown", async () => {
  showOnFailure("tampering history", () => [reader]);
  const { page } = reader;
  const { frame } = words;
  const changed = page.getByRole("alert").filter({ hasText: frame.historyTitle });
  let kept = 0;
  await expect.poll(async () => (kept = await askAgain()), { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await changed.count()).toBe(0);
  // The tree as it was one leaf earlier, whole in itself; the server signs it as it stands.
  const size = String(kept - 1);
  await alter("delete from tree_node where (index + 1) * (2 ^ level)::bigint > $1", [size]);
  await alter("delete from tree_leaf where index >= $1", [size]);
  await alter("delete from checkpoint where id > $1", ["0"]);
  await askAgain();
  await changed.waitFor();
  expect(await look(page, "history-changed")).toEqual([]);
  await speak(page, "vi", "en");
  expect(await look(page, "history-changed-en")).toEqual([]);
  await speak(page, "en", "vi");
  await reader.go("/device");
  await changed.waitFor();
  await askAgain();
  await changed.waitFor();
});
