import { lazy, Suspense, useEffect, useRef } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls, myName, type Call } from "./call.ts";
import { nameIn } from "./name.ts";
import type { Voice } from "./livekitLine.ts";
import { useLiveWords } from "./words.ts";

const FreezeButton = lazy(() =>
  import("./LiveFreeze.tsx").then((m) => ({ default: m.FreezeButton })),
);

/** Small pictures beside the large one; more are in the list alone. */
const mostSmall = 8;

/** The one who speaks large, the others small; oneself is never the large one while somebody else is there. */
export function Pictures({ call, talk }: { readonly call: Call; readonly talk: Talk }) {
  const device = useDevice();
  const me = myName(device);
  const others = call.voices.filter(({ who }) => who !== me);
  const spotlight = call.session?.state.spotlight;
  const large =
    others.find(({ who }) => who === spotlight) ??
    others.find(({ speaking }) => speaking) ??
    others.find(({ camera }) => camera) ??
    others[0] ??
    call.voices[0];
  const small = call.voices.filter((voice) => voice !== large).slice(0, mostSmall);
  if (large === undefined) return null;
  return (
    <div className="live-tiles">
      <Tile voice={large} me={me} talk={talk} />
      {small.length === 0 ? null : (
        <div className="live-small">
          {small.map((voice) => (
            <Tile key={voice.who} voice={voice} me={me} talk={talk} />
          ))}
        </div>
      )}
    </div>
  );
}

function Tile({
  voice,
  me,
  talk,
}: {
  readonly voice: Voice;
  readonly me: string;
  readonly talk: Talk;
}) {
  const { who, camera } = voice;
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    return camera && element !== null ? calls.show(who, element) : undefined;
  }, [who, camera]);
  const words = useLiveWords();
  const name = who === me ? words.you : nameIn(talk, who);
  return (
    <figure className="live-tile" data-speaking={voice.speaking}>
      {camera ? <video ref={video} autoPlay playsInline muted aria-label={name} /> : null}
      <figcaption className="live-name">
        {name}
        {camera ? "" : ` · ${words.cameraOff}`}
        {camera ? (
          <Suspense fallback={null}>
            <FreezeButton who={who} name={name} />
          </Suspense>
        ) : null}
      </figcaption>
    </figure>
  );
}
