import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import {
  appendAsServer,
  createAccount,
  createServer,
  makeServerKeys,
  type LientuyenServer,
} from "../../../apps/server/src/index.ts";
import { serviceWorker } from "../../../apps/station/service-worker-plugin.ts";
import { startPostgres } from "../../postgres.ts";

/** A real server over a real PostgreSQL, with two facilities, and the device on a page without screens. */
export interface Rig {
  readonly server: LientuyenServer;
  readonly url: string;
  readonly port: number;
  readonly people: Readonly<Record<"doctor" | "nurse" | "specialist", RigPerson>>;
  /** Builds the page again: `version` is the only thing that differs. */
  readonly rebuild: (version: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface RigPerson {
  readonly person: string;
  readonly facility: string;
  readonly name: string;
  readonly account: string;
  readonly password: string;
}

const page = fileURLToPath(new URL("page", import.meta.url));
const station = "12913";
const hospital = "01901";

const person = (last: string, facility: string, name: string, account: string): RigPerson => ({
  person: `01920000-0000-7000-8000-00000000000${last}`,
  facility,
  name,
  account,
  password: `mật khẩu của ${account}, dài`,
});

const people = {
  doctor: person("1", station, "Vàng Thị Sua", "sua"),
  nurse: person("2", station, "Lỳ Mé Nhù", "nhu"),
  specialist: person("3", hospital, "Đỗ Quang Huy", "huy"),
};

export const openRig = async (): Promise<Rig> => {
  const folder = await mkdtemp(join(tmpdir(), "lientuyen-store-"));
  const staticDir = join(folder, "app");
  const rebuild = (version: string) => buildPage(staticDir, version);
  const [postgres] = await Promise.all([startPostgres(), rebuild("1")]);
  const server = await createServer({
    databaseUrl: await postgres.freshDatabase(),
    filesDir: join(folder, "files"),
    staticDir,
    host: "127.0.0.1",
    port: 0,
    keys: makeServerKeys(),
    now: Date.now,
    random: (count) => new Uint8Array(randomBytes(count)),
    log: { level: "silent" },
    // Each test enrols the same few people on a new device.
    limits: { signInsPerAccount: 500, signInsPerAddress: 500, enrolmentsPerPerson: 500 },
  });
  await found(server);
  const { port } = await server.listen();
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    people,
    rebuild,
    close: async () => {
      await server.close();
      await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const buildPage = async (outDir: string, version: string): Promise<void> => {
  await build({
    root: page,
    logLevel: "silent",
    configFile: false,
    // The test runner's NODE_ENV would make a development build of it, without the service worker.
    define: { "import.meta.env.PROD": "true" },
    plugins: [serviceWorker(), nameVersion(version)],
    worker: { format: "es" },
    build: {
      outDir,
      emptyOutDir: false,
      target: "chrome109",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
};

const nameVersion = (version: string) => ({
  name: "version",
  transformIndexHtml: (html: string) => html.replace("<title>Store", `<title>Store ${version}`),
});

const found = async ({ core }: LientuyenServer): Promise<void> => {
  const from = "2026-01-01T00:00:00.000Z";
  const facility = (code: string, name: string, level: string) => ({
    log: `directory/${code}`,
    kind: "facilityFounded",
    body: { code, name, shortName: name, level, from },
  });
  const contract = (code: string, other: string) => ({
    log: `directory/${code}`,
    kind: "contractAgreed",
    body: { contract: "HD-01", with: other, from },
  });
  const someone = (one: RigPerson, role: string) => [
    {
      log: `directory/${one.facility}`,
      kind: "personAdded",
      body: { person: one.person, name: one.name, account: one.account },
    },
    {
      log: `directory/${one.facility}`,
      kind: "roleGranted",
      body: { person: one.person, role, from },
    },
  ];
  await appendAsServer(core, [
    facility(station, "Trạm Y tế xã Tà Tổng", "commune"),
    facility(hospital, "Bệnh viện Trung ương Sông Hồng", "central"),
    contract(station, hospital),
    contract(hospital, station),
    ...someone(people.doctor, "physician"),
    ...someone(people.nurse, "nurse"),
    ...someone(people.specialist, "physician"),
  ]);
  for (const { person: id, facility: code, account, password } of Object.values(people))
    await createAccount(core, { person: id, facility: code, account, password });
};
