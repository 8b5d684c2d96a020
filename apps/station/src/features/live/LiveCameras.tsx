import type { CaseView } from "@lientuyen/record";
import { Banner, Button, Dialog, Select } from "@lientuyen/ui";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import * as v from "valibot";
import { useDevice } from "../../device/hooks.ts";
import {
  cameraNames,
  createCameraDesk,
  maySwitchCameras,
  type CameraDesk,
  type CameraName,
  type Offer,
} from "../cameras/cameras.ts";
import { useCameraWords } from "../cameras/words.ts";
import { calls, type Call } from "./call.ts";
import { myName } from "./running.ts";
import "./cameras.css";
import type { Wire } from "./livekitWire.ts";

const topic = "cameras.1";
const desks = new WeakMap<Wire, CameraDesk>();

const deskOn = (wire: Wire): CameraDesk => {
  const known = desks.get(wire);
  if (known !== undefined) return known;
  const desk = createCameraDesk({
    me: wire.me,
    present: wire.present,
    send: (bytes, to) => wire.send(topic, bytes, { lossy: false, to }),
  });
  desks.set(wire, desk);
  wire.listen(topic, desk);
  return desk;
};

/** What each camera of this machine shows, by the browser's id for it; kept on the device. */
const kept = "cameras";
const Names = v.record(v.string(), v.picklist(cameraNames));
type Names = Readonly<v.InferOutput<typeof Names>>;

/** Until somebody says so, the first looks at the room. */
const nameFor = (names: Names, id: string, at: number): CameraName =>
  names[id] ?? (at === 0 ? "room" : "other");

const listCameras = async (): Promise<readonly MediaDeviceInfo[]> => {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return all.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
};

/** This machine's cameras; looked for anew when one is plugged in, and when the browser may tell their names. */
function useOwnCameras(call: Call) {
  const device = useDevice();
  const [found, setFound] = useState<readonly MediaDeviceInfo[]>([]);
  const [names, setNames] = useState<Names>({});
  useEffect(() => {
    let left = false;
    const look = async () => {
      const cameras = await listCameras();
      if (!left) setFound(cameras);
    };
    void look();
    const looking = () => void look();
    navigator.mediaDevices.addEventListener("devicechange", looking);
    return () => {
      left = true;
      navigator.mediaDevices.removeEventListener("devicechange", looking);
    };
  }, [call.camera]);
  useEffect(() => {
    void device.drafts.load(kept).then((value) => {
      const told = v.safeParse(Names, value);
      if (told.success) setNames(told.output);
    });
  }, [device]);
  const setName = (id: string, name: CameraName) => {
    const next = { ...names, [id]: name };
    setNames(next);
    void device.drafts.save(kept, next).catch(() => undefined);
  };
  return { found, names, setName };
}

/** Choosing and naming this machine's cameras; while it is drawn, others who may can switch them. */
export function LiveCameras({ call, view }: { readonly call: Call; readonly view: CaseView }) {
  const words = useCameraWords();
  const { found, names, setName } = useOwnCameras(call);
  const [now, setNow] = useState(() => calls.cameraDevice());
  const [failed, setFailed] = useState(false);
  const note = useNote(call, view);
  const choose = useCallback(
    async (id: string) => {
      const before = calls.cameraDevice();
      const chosen = await calls.chooseCamera(id);
      setFailed(!chosen);
      setNow(calls.cameraDevice());
      if (chosen && before !== id)
        note(
          nameFor(
            names,
            id,
            found.findIndex(({ deviceId }) => deviceId === id),
          ),
        );
    },
    [note, names, found],
  );
  useEffect(() => setNow(calls.cameraDevice()), [call.camera]);
  useOffer(call, view, found, names, now, choose);
  const [open, setOpen] = useState(false);
  if (call.camera !== "on" || found.length === 0) return null;
  return (
    <>
      <Button icon="camera" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words.choose}
      </Button>
      <CameraDialog
        open={open}
        found={found}
        names={names}
        now={now}
        failed={failed}
        onName={setName}
        onChoose={(id) => void choose(id)}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

/** Which camera was put before whom is the case's to keep. */
function useNote(call: Call, view: CaseView): (name: CameraName) => void {
  const device = useDevice();
  const session = call.session?.session;
  const { log } = view;
  return useCallback(
    (name) => {
      if (session === undefined) return;
      const who = myName(device);
      const to = (calls.wire()?.present() ?? []).filter((each) => each !== who);
      const body = {
        what: "shown",
        session,
        thing: { kind: "camera", who, track: name },
        to,
      } as const;
      void device.cases.write(log, [{ kind: "sessionNoted", body }]).catch(() => undefined);
    },
    [device, session, log],
  );
}

function useOffer(
  call: Call,
  view: CaseView,
  found: readonly MediaDeviceInfo[],
  names: Names,
  now: string | undefined,
  choose: (id: string) => Promise<void>,
): void {
  const wire = calls.wire();
  const on = call.camera === "on";
  useEffect(() => {
    if (wire === undefined) return;
    // The browser's ids for devices stay on this machine: others know them by their places.
    const place = found.findIndex(({ deviceId }) => deviceId === now);
    deskOn(wire).offer({
      cameras: on
        ? found.map(({ deviceId }, at) => ({ id: String(at), name: nameFor(names, deviceId, at) }))
        : [],
      now: on && place >= 0 ? String(place) : null,
    });
  }, [wire, on, found, names, now]);
  const people = call.session?.state.people;
  const asked = useMemo(() => askedIn(view), [view]);
  useEffect(() => {
    if (wire === undefined) return;
    deskOn(wire).serve({
      maySwitch: (who) => maySwitchCameras(who, people ?? [], asked),
      choose: (id) => {
        const device = found[Number(id)];
        if (device !== undefined) void choose(device.deviceId);
      },
    });
  }, [wire, found, people, asked, choose]);
}

/** Persons, and facilities where no person has been given the request yet. */
const askedIn = (view: CaseView): ReadonlySet<string> =>
  new Set(
    view.requests
      .filter(({ state }) => state !== "withdrawn" && state !== "declined")
      .flatMap(({ to, allocatedTo, acceptedBy }) => {
        const persons = [allocatedTo, acceptedBy?.person].filter((person) => person !== undefined);
        return persons.length === 0 ? [to] : persons;
      }),
  );

function CameraDialog({
  open,
  found,
  names,
  now,
  failed,
  onName,
  onChoose,
  onClose,
}: {
  readonly open: boolean;
  readonly found: readonly MediaDeviceInfo[];
  readonly names: Names;
  readonly now: string | undefined;
  readonly failed: boolean;
  readonly onName: (id: string, name: CameraName) => void;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}) {
  const words = useCameraWords();
  const options = cameraNames.map((value) => ({ value, label: words.name[value] }));
  return (
    <Dialog open={open} title={words.title} closeLabel={words.close} onClose={onClose}>
      <p>{words.help}</p>
      {failed ? (
        <Banner tone="warn" live>
          {words.failed}
        </Banner>
      ) : null}
      <ul className="plain-list">
        {found.map(({ deviceId, label }, at) => (
          <li key={deviceId} className="live-camera">
            <Select
              label={words.nameOf(label)}
              value={nameFor(names, deviceId, at)}
              options={options}
              onChoose={(name) => onName(deviceId, name)}
            />
            <Button
              aria-label={deviceId === now ? undefined : words.pickThis(label)}
              aria-pressed={deviceId === now}
              onClick={() => onChoose(deviceId)}
            >
              {deviceId === now ? words.picked : words.pick}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const nobody: ReadonlyMap<string, Offer> = new Map();
const nothing = () => () => undefined;

/** Under somebody's picture: what it shows, and another of their cameras for who may ask for it. */
export function CameraSwitch({
  who,
  name,
  call,
  view,
}: {
  readonly who: string;
  readonly name: string;
  readonly call: Call;
  readonly view: CaseView;
}) {
  const words = useCameraWords();
  const me = myName(useDevice());
  const wire = calls.wire();
  const desk = wire === undefined ? undefined : deskOn(wire);
  const offers = useSyncExternalStore(desk?.subscribe ?? nothing, desk?.now ?? (() => nobody));
  const offer = offers.get(who);
  if (desk === undefined || offer === undefined || offer.cameras.length < 2) return null;
  const current = offer.cameras.find(({ id }) => id === offer.now);
  const may = who === me || maySwitchCameras(me, call.session?.state.people ?? [], askedIn(view));
  return (
    <>
      {current === undefined ? null : <span>{words.name[current.name]}</span>}
      {may
        ? offer.cameras
            .filter(({ id }) => id !== offer.now)
            .map((camera) => (
              <Button
                key={camera.id}
                aria-label={words.switchTo(words.name[camera.name], name)}
                onClick={() => desk.want(who, camera.id)}
              >
                {words.see(words.name[camera.name])}
              </Button>
            ))
        : null}
    </>
  );
}
