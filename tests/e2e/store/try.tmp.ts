import { openRig } from "/work/main/tests/e2e/store/rig.ts";
import { openLine } from "/work/main/tests/e2e/harness/line.ts";
import * as v from "/work/main/tests/e2e/store/visitor.ts";
const rig = await openRig();
const line = await openLine(rig.port);
const t0 = Date.now(); const log = (...a: unknown[]) => console.log(Date.now() - t0, ...a);
const b = await v.visit(line.url); const page = b.page;
b.page.on("console", (m) => log("console:", m.type(), m.text()));
b.page.on("pageerror", (m) => log("pageerror:", m.stack));
const step = async <T>(name: string, p: Promise<T>) => { log(name); return Promise.race([p, new Promise<T>((_, r) => setTimeout(() => r(new Error("hang " + name)), 20000))]); };
try {
await step("ready", page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined)));
await step("reload", page.reload());
await step("signIn", v.waitFor(page, "signIn"));
await step("enrol", v.enrol(page, rig.people.doctor));
await step("cut", line.cut());
await step("reload", page.reload());
await step("locked", v.waitFor(page, "locked"));
log(await step("unlock", v.unlock(page, rig.people.doctor)));
await step("mend", line.mend());
await step("rebuild", rig.rebuild("2"));
await step("update", page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => undefined)));
await step("lock", v.lock(page));
await step("ready", page.waitForFunction(() => { const s = window.gate.state(); return s.at === "locked" && s.updateReady; }));
await step("take", Promise.all([page.waitForEvent("load"), page.evaluate(() => window.gate.update())]));
log(await page.title());
} catch (e) { log(e); }
await b.close(); await line.close(); await rig.close(); process.exit();
