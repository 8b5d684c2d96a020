import { Banner, Waiting } from "@lientuyen/ui";
import { lazy, Suspense, useEffect, useRef } from "react";
import { Route, Switch, useLocation } from "wouter";
import type { Device } from "../device/device.ts";
import { DeviceContext, useDamage } from "../device/hooks.ts";
import { Notifier } from "../features/notify/Notifier.tsx";
import { PhonePictures } from "../features/capture/PhonePictures.tsx";
import { useFirstWords } from "../words/index.ts";
import { Guard } from "./Guard.tsx";
import { Header } from "./Header.tsx";
import { HistoryWarning } from "./HistoryWarning.tsx";
import { useIdleLock } from "./idleLock.ts";
import { KeyWarning } from "./KeyWarning.tsx";
import { hasRole, isForAll, mayOpen } from "./roles.ts";
import { clinical, screens } from "./screens.ts";
import { TabTitle } from "./TabTitle.tsx";

// Nothing that a first screen waits for.
const CallBar = lazy(() =>
  import("../features/live/CallBar.tsx").then((m) => ({ default: m.CallBar })),
);

/** Everything behind the lock: the frame and the screen of the address. */
export function Unlocked({
  device,
  emergency,
}: {
  readonly device: Device;
  readonly emergency: boolean;
}) {
  const words = useFirstWords().frame;
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  useIdleLock();
  // The home screen has been drawn from the open cases.
  useEffect(() => void device.cases.whole().catch(reportError), [device]);
  useFocusOnMove(main.current, path);
  return (
    <DeviceContext value={device}>
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <Header emergency={emergency} />
      {emergency || !hasRole(device.me, clinical) ? null : (
        <>
          <Notifier />
          <PhonePictures />
          <Suspense fallback={null}>
            <CallBar />
          </Suspense>
        </>
      )}
      <main id="main" className="main" ref={main} tabIndex={-1}>
        <HistoryWarning />
        {emergency ? null : <KeyWarning />}
        <Damage />
        {emergency ? <Banner tone="warn">{words.emergencyMode}</Banner> : null}
        <Guard key={path}>
          <Suspense fallback={<Waiting label={words.loading} />}>
            <Switch>
              {screens
                .filter((screen) => (emergency ? isForAll(screen) : mayOpen(device.me, screen)))
                .map((screen) => (
                  <Route key={screen.name} path={screen.path}>
                    <TabTitle screen={screen.name} />
                    <screen.component />
                  </Route>
                ))}
              <Route>
                <Banner tone="warn">{words.notFound}</Banner>
              </Route>
            </Switch>
          </Suspense>
        </Guard>
      </main>
    </DeviceContext>
  );
}

/** Few devices ever have any: what tells of it is fetched then. */
const DamageNotice = lazy(() =>
  import("./DamageNotice.tsx").then((module) => ({ default: module.DamageNotice })),
);

function Damage() {
  const items = useDamage();
  return items.length === 0 ? null : (
    <Suspense fallback={null}>
      <DamageNotice items={items} />
    </Suspense>
  );
}

/** A new screen takes the focus, as a new page would; the first one leaves it to `autoFocus`. */
function useFocusOnMove(main: HTMLElement | null, path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    if (main !== null && !main.contains(document.activeElement))
      main.focus({ preventScroll: true });
  }, [main, path]);
}
