import type { CaseView } from "@lientuyen/record";
import { lazy, Suspense, useEffect, type ReactNode } from "react";
import { useDevice } from "../../device/hooks.ts";
import type { Talk } from "../caseView/talk.ts";
import { calls, type Call } from "./call.ts";
import { myName } from "./running.ts";
import type { Voice } from "./livekitLine.ts";
import { nameIn } from "./name.ts";
import type { Still } from "./steering.ts";
import { chooseStage, type Lead } from "./stage.ts";
import { Tile, type Show } from "./Tile.tsx";
import { useLiveWords } from "./words.ts";

const FreezeButton = lazy(() =>
  import("./LiveFreeze.tsx").then((m) => ({ default: m.FreezeButton })),
);

const CameraSwitch = lazy(() =>
  import("./LiveCameras.tsx").then((m) => ({ default: m.CameraSwitch })),
);

/** The pictures of this window's call. */
export function Pictures({
  call,
  view,
  talk,
}: {
  readonly call: Call;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  const me = myName(useDevice());
  const { spotlight = null, floor = null } = call.session?.state ?? {};
  return (
    <StagePictures
      voices={call.voices}
      lead={{ me, spotlight, floor }}
      mostPictures={call.mostPictures}
      nameOf={(who) => nameIn(talk, who)}
      onStage={calls.stage}
      show={calls.show}
      stillOf={call.stillOf}
      renderBeside={(who, name) => (
        <Suspense fallback={null}>
          <CameraSwitch who={who} name={name} call={call} view={view} />
          <FreezeButton who={who} name={name} />
        </Suspense>
      )}
    />
  );
}

/** Who speaks large, a few small, and the rest by number: the list has them. */
export function StagePictures({
  voices,
  lead,
  mostPictures,
  nameOf,
  onStage,
  show,
  stillOf,
  renderBeside,
}: {
  readonly voices: readonly Voice[];
  readonly lead: Lead;
  readonly mostPictures: number;
  readonly nameOf: (who: string) => string;
  readonly onStage: (names: readonly string[]) => void;
  readonly show: Show;
  /** What is seen of somebody where the line carries no moving picture. */
  readonly stillOf?: (who: string) => Still | undefined;
  /** What stands beside the name of who has a picture. */
  readonly renderBeside?: (who: string, name: string) => ReactNode;
}) {
  const words = useLiveWords();
  const stage = chooseStage(voices, lead, mostPictures);
  const names = [stage.large, ...stage.small].filter((who) => who !== undefined).join("\n");
  useEffect(() => onStage(names.split("\n")), [names, onStage]);
  const tile = (who: string) => {
    const name = who === lead.me ? words.you : nameOf(who);
    return voices
      .filter((voice) => voice.who === who)
      .map((voice) => (
        <Tile key={who} voice={voice} name={name} show={show} still={stillOf?.(who)}>
          {renderBeside?.(who, name)}
        </Tile>
      ));
  };
  return (
    <div className="live-tiles">
      {tile(stage.large ?? "")}
      <div className="live-small">{stage.small.flatMap(tile)}</div>
      {stage.rest === 0 ? null : <p className="small">{words.moreInList(stage.rest)}</p>}
    </div>
  );
}
