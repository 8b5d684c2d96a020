import { lazy, Suspense, useEffect } from "react";
import { useRoute } from "wouter";
import type { GateState } from "../device/gate.ts";
import { useGateState } from "../device/hooks.ts";
import { ChooseSecretScreen } from "../features/signIn/ChooseSecretScreen.tsx";
import { ElsewhereScreen, ImpossibleScreen, OpeningScreen } from "../features/signIn/Doorstep.tsx";
import { LockScreen } from "../features/signIn/LockScreen.tsx";
import { SignInScreen } from "../features/signIn/SignInScreen.tsx";
import { language, loadFirstWords } from "../words/index.ts";
import { Guard } from "./Guard.tsx";

const fetchUnlocked = () => import("./Unlocked.tsx");
const Unlocked = lazy(() => fetchUnlocked().then((module) => ({ default: module.Unlocked })));
const PhoneCameraScreen = lazy(() =>
  import("../features/camera/PhoneCameraScreen.tsx").then((module) => ({
    default: module.PhoneCameraScreen,
  })),
);

const FirstStartScreen = lazy(() =>
  import("../features/firstStart/FirstStartScreen.tsx").then((module) => ({
    default: module.FirstStartScreen,
  })),
);

const GuestScreen = lazy(() =>
  import("../features/guest/GuestScreen.tsx").then((module) => ({ default: module.GuestScreen })),
);

/** Where this browser stands decides what is drawn; the phone page and the first set-up need nobody signed in. */
export function App() {
  const [onPhone, params] = useRoute("/camera/:token");
  const [first] = useRoute("/first");
  const [guest] = useRoute("/guest");
  return (
    <Guard>
      <Suspense fallback={<OpeningScreen />}>
        {onPhone ? (
          <PhoneCameraScreen token={params.token} />
        ) : guest ? (
          <GuestScreen />
        ) : first ? (
          <FirstStartScreen />
        ) : (
          <ByGate />
        )}
      </Suspense>
    </Guard>
  );
}

function ByGate() {
  const state = useGateState();
  switch (state.at) {
    case "starting":
      return <OpeningScreen />;
    case "signIn":
      return (
        <SignInScreen
          online={state.online}
          others={state.enrolled.length > 0}
          lostUnsent={state.lostUnsent}
        />
      );
    case "chooseSecret":
      return <ChooseSecretScreen name={state.name} />;
    case "locked":
      return <Locked state={state} />;
    case "elsewhere":
      return <ElsewhereScreen />;
    case "impossible":
      return <ImpossibleScreen why={state.why} />;
    case "emergency":
      return <Unlocked device={state.device} emergency />;
    case "unlocked":
      return <Unlocked device={state.device} emergency={false} />;
  }
}

/** While the PIN is being typed, what it opens is fetched and made ready to run. */
function Locked({ state }: { readonly state: Extract<GateState, { readonly at: "locked" }> }) {
  useEffect(() => {
    for (const part of [
      fetchUnlocked(),
      import("../features/home/HomeScreen.tsx"),
      import("../device/openDevice.ts"),
      loadFirstWords(language()),
    ])
      part.catch(() => undefined);
  }, []);
  return <LockScreen state={state} />;
}
