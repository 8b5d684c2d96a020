import { lazy, Suspense } from "react";
import { useRoute } from "wouter";
import { useGateState } from "../device/hooks.ts";
import { ChooseSecretScreen } from "../features/signIn/ChooseSecretScreen.tsx";
import { ElsewhereScreen, ImpossibleScreen, OpeningScreen } from "../features/signIn/Doorstep.tsx";
import { LockScreen } from "../features/signIn/LockScreen.tsx";
import { SignInScreen } from "../features/signIn/SignInScreen.tsx";
import { Guard } from "./Guard.tsx";

const Unlocked = lazy(() =>
  import("./Unlocked.tsx").then((module) => ({ default: module.Unlocked })),
);
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

/** Where this browser stands decides what is drawn; the phone page and the first set-up need nobody signed in. */
export function App() {
  const [onPhone, params] = useRoute("/camera/:token");
  const [first] = useRoute("/first");
  return (
    <Guard>
      <Suspense fallback={<OpeningScreen />}>
        {onPhone ? (
          <PhoneCameraScreen token={params.token} />
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
      return <LockScreen state={state} />;
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
