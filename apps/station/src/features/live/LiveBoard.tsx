import type { CaseView } from "@lientuyen/record";
import { useDevice } from "../../device/hooks.ts";
import { createBoard, type BoardStore } from "../board/boardStore.ts";
import { BoardView } from "../board/BoardView.tsx";
import type { Talk } from "../caseView/talk.ts";
import { calls, type Call } from "./call.ts";
import { myName } from "./running.ts";
import type { Wire } from "./livekitWire.ts";
import { nameIn } from "./name.ts";

const topic = "board.1";

/** One for a call: what is shown stays shown while another screen is drawn. */
const boards = new WeakMap<Wire, BoardStore>();

const boardOn = (wire: Wire): BoardStore => {
  const known = boards.get(wire);
  if (known !== undefined) return known;
  const board = createBoard(
    {
      me: wire.me,
      present: wire.present,
      send: (bytes, how) => wire.send(topic, bytes, how),
    },
    () => crypto.randomUUID(),
    (work, ms) => void setTimeout(work, ms),
  );
  boards.set(wire, board);
  wire.listen(topic, board);
  return board;
};

/** The picture that everybody in the call is shown, and showing one. */
export function LiveBoard({
  call,
  view,
  talk,
}: {
  readonly call: Call;
  readonly view: CaseView;
  readonly talk: Talk;
}) {
  const device = useDevice();
  const wire = calls.wire();
  if (wire === undefined || call.session === undefined) return null;
  const { session, state } = call.session;
  const me = myName(device);
  const mine = state.people.find(({ who }) => who === me);
  /** What was put before whom is the case's to keep. */
  const note = (file: string) => {
    const to = wire.present().filter((who) => who !== me);
    void device.cases
      .write(view.log, [
        {
          kind: "sessionNoted",
          body: { what: "shown", session, thing: { kind: "file", file }, to },
        },
      ])
      .catch(() => undefined);
  };
  return (
    <BoardView
      view={view}
      store={boardOn(wire)}
      me={me}
      nameOf={(who) => nameIn(talk, who)}
      mayMark={mine !== undefined && (mine.role !== "listener" || state.floor === me)}
      leads={mine?.role === "chair" || mine?.role === "secretary"}
      onShown={note}
      talk={talk}
    />
  );
}
