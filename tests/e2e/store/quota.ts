import type { CDPSession, Page } from "playwright-core";

/** Bytes that this address may use; undefined: as much as the browser gives. */
export const setQuota = (
  cdp: CDPSession,
  origin: string,
  quotaSize: number | undefined,
): Promise<unknown> =>
  cdp.send("Storage.overrideQuotaForOrigin", {
    origin,
    ...(quotaSize === undefined ? {} : { quotaSize }),
  });

/** What a device answered while its browser had no room, and what it had said was kept. */
export interface Refusals {
  /** What was said of each: `stored`, or the error. */
  readonly files: readonly string[];
  readonly entries: readonly string[];
  readonly drafts: readonly string[];
  /** Texts of entries that were said to be kept. */
  readonly keptEntries: readonly string[];
  /** The draft that was said to be kept last. */
  readonly keptDraft: number;
  readonly storage: string;
}

/** Writes files, then entries, then drafts, each until there is no room; none of them is to change what was kept. */
export const writeUntilFull = (page: Page, log: string): Promise<Refusals> =>
  page.evaluate(async (name) => {
    const state = window.gate.state();
    if (state.at !== "unlocked") throw new Error(state.at);
    const { device } = state;
    const noise = (bytes: number) => {
      const out = new Uint8Array(bytes);
      for (let at = 0; at < bytes; at += 65_536)
        crypto.getRandomValues(out.subarray(at, Math.min(bytes, at + 65_536)));
      return out;
    };
    const text = (characters: number) =>
      Array.from(noise(characters), (byte) => String.fromCharCode(0x4e00 + byte)).join("");
    const until = async (most: number, act: (at: number) => Promise<unknown>) => {
      const said: string[] = [];
      for (let at = 0; at < most; at++) {
        const answer = await act(at).then(
          () => "stored",
          (error: unknown) => String(error),
        );
        said.push(answer);
        if (answer !== "stored") break;
      }
      return said;
    };
    const keptEntries: string[] = [];
    const write = async (at: number) => {
      const body = { text: `${at} ${text(6_000)}` };
      await device.cases.write(name, [{ kind: "note", body }]);
      keptEntries.push(body.text);
    };
    await until(20, write);
    await device.drafts.save("note", { at: 0, text: text(2_000) });
    const files = await until(200, () =>
      device.files.add(name, new Blob([noise(300_000)]), "first"),
    );
    const entries = await until(400, write);
    let keptDraft = 0;
    const drafts = await until(400, async (at) => {
      await device.drafts.save("note", { at: at + 1, text: text(20_000 * (at + 1)) });
      keptDraft = at + 1;
    });
    const { storage } = device.sync.state();
    return { files, entries, drafts, keptEntries, keptDraft, storage };
  }, log);

/** What of it is there now. */
export const readBack = (
  page: Page,
  log: string,
): Promise<{ readonly notes: readonly string[]; readonly draft: number }> =>
  page.evaluate(async (name) => {
    const state = window.gate.state();
    if (state.at !== "unlocked") throw new Error(state.at);
    const view = await state.device.cases.view(name);
    const draft = await state.device.drafts.load("note");
    return {
      notes: view?.notes.map(({ body }) => body.text) ?? [],
      draft: typeof draft === "object" && draft !== null && "at" in draft ? Number(draft.at) : -1,
    };
  }, log);
