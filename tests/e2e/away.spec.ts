import { afterAll, beforeAll, expect, it } from "vitest";
import { openTimeline } from "./harness/case.ts";
import { showOnFailure } from "./harness/failure.ts";
import { look } from "./harness/look.ts";
import { arrive, words, type Person } from "./harness/person.ts";
import { openWorld, type World } from "./harness/world.ts";

const { caseView, search, timeline } = words;
/** Of the station, closed a month ago, answered by another doctor of the province's hospital. */
const old = "Lỳ Phì Cà";
/** Of the same station, open. */
const open = "Lỳ Gó Chừ";

let world: World;
let station: Person;
let hospital: Person;

beforeAll(async () => {
  world = await openWorld();
  station = await arrive(world, "xapg");
  hospital = await arrive(world, "maiht");
});
afterAll(async () => {
  await station?.close();
  await hospital?.close();
  await world?.close();
});

/** Finds it by name, as it is listed: the search needs no entries. */
const find = async (person: Person, patient: string) => {
  await person.go("/cases");
  await person.page.getByLabel(search.label, { exact: true }).fill(patient);
  return person.page.getByRole("main").getByRole("link").filter({ hasText: patient });
};
const away = { hasText: search.away };

const proves = async (person: Person): Promise<void> => {
  await openTimeline(person.page);
  await person.page.getByText(timeline.proofHolds, { exact: true }).waitFor();
};

it("a hospital's device keeps no case of others: listed, and fetched whole when it is opened", async () => {
  showOnFailure("away hospital", () => [hospital]);
  const row = await find(hospital, old);
  await row.filter(away).waitFor();
  expect(await look(hospital.page, "away-list")).toEqual([]);
  await row.click();
  await proves(hospital);
  const again = await find(hospital, old);
  await again.waitFor();
  await again.filter(away).waitFor({ state: "detached" });
});

it("a station's device lets a closed case go after 90 days by the server's time: listed, told of without a line, whole and proven with one", async () => {
  showOnFailure("away station", () => [station]);
  const { page, line } = station;
  await (await find(station, old)).waitFor();
  // The server's time alone: what this computer's clock says changes nothing.
  world.advance(91 * 24 * 60 * 60_000);
  await world.agreeContract("HD-moi", ["12911", "01901"]);
  await page.reload();
  await station.unlock();
  await (await find(station, old)).filter(away).waitFor();
  const kept = await find(station, open);
  await kept.waitFor();
  expect(await kept.filter(away).count()).toBe(0);

  await line.cut();
  await (await find(station, old)).click();
  const told = page.getByRole("status").filter({ hasText: caseView.away });
  await told.filter({ hasText: caseView.awayWhy.offline }).waitFor();
  await page.getByRole("heading", { name: old }).waitFor();
  expect(await look(page, "away-offline")).toEqual([]);
  await page.reload();
  await station.unlock();
  await told.waitFor();

  await line.mend();
  await page.getByRole("link", { name: caseView.timeline, exact: true }).first().waitFor();
  await proves(station);
  expect([...station.faults, ...hospital.faults]).toEqual([]);
});
