import {
  emptyBoard,
  forget,
  marksOf,
  readMessage,
  receive,
  tellers,
  wholeState,
  withPoint,
  writeMessage,
  type Board,
  type Message,
  type Place,
  type Stroke,
} from "./board.ts";

/** How messages go between the people in a call. */
export interface Wire {
  readonly me: () => string;
  /** Everybody who is in it now, oneself too. */
  readonly present: () => readonly string[];
  /** Lossy ones may be dropped and overtake each other; `to`: that one alone. What cannot be sent now is lost. */
  readonly send: (
    bytes: Uint8Array<ArrayBuffer>,
    how: { readonly lossy: boolean; readonly to?: string },
  ) => void;
}

export interface BoardStore {
  readonly now: () => Board;
  readonly subscribe: (listener: () => void) => () => void;
  readonly show: (file: string) => void;
  readonly hide: () => void;
  readonly point: (place: Place | undefined) => void;
  /** A line grows with each place and ends where there is none. */
  readonly draw: (place: Place | undefined) => void;
  /** Takes back one's own last line. */
  readonly undo: () => void;
  readonly heard: (from: string, bytes: Uint8Array) => void;
  /** Somebody's connection is there (anew); one's own too. */
  readonly came: (who: string) => void;
  readonly left: () => void;
}

/** Few enough for a thin line, often enough for the eye. */
const pointMs = 200;
const drawMs = 300;

export const createBoard = (
  wire: Wire,
  newId: () => string,
  later: (work: () => void, ms: number) => void,
): BoardStore => {
  let board = emptyBoard;
  const listeners = new Set<() => void>();
  const mine: string[] = [];
  const change = (next: Board): void => {
    if (next === board) return;
    board = next;
    for (const listener of listeners) listener();
  };
  const tell = (message: Message, lossy = false, to?: string): void =>
    wire.send(writeMessage(message), { lossy, ...(to === undefined ? {} : { to }) });
  const say = (message: Message, lossy = false): void => {
    change(receive(board, wire.me(), message));
    tell(message, lossy);
  };

  const pointing = spaced<Place | undefined>(pointMs, later, (place) => {
    if (board.head === undefined) return;
    const { board: id } = board.head;
    say(
      place === undefined
        ? { say: "resting", board: id }
        : { say: "pointing", board: id, x: place.x, y: place.y },
      // The last word about a pointer has to arrive, or it would stand there for ever.
      place !== undefined,
    );
  });
  const own = (): Stroke | undefined => board.drawing.get(wire.me());
  const drawing = spaced<undefined>(drawMs, later, () => {
    const stroke = own();
    if (stroke !== undefined) tell({ say: "drawing", stroke: mutable(stroke) });
  });
  const begin = (place: Place): void => {
    if (board.head?.file === null || board.head === undefined) return;
    const stroke: Stroke = {
      id: newId(),
      board: board.head.board,
      by: wire.me(),
      points: [place.x, place.y],
    };
    change({ ...board, drawing: new Map([...board.drawing, [wire.me(), stroke]]) });
  };
  const end = (): void => {
    const stroke = own();
    if (stroke === undefined) return;
    const rest = new Map(board.drawing);
    rest.delete(wire.me());
    change({ ...board, drawing: rest });
    mine.push(stroke.id);
    say({ say: "strokes", strokes: [mutable(stroke)] });
  };

  return {
    now: () => board,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: (file) => say({ say: "shown", head: nextHead(board, wire.me(), newId(), file) }),
    hide: () => say({ say: "shown", head: nextHead(board, wire.me(), newId(), null) }),
    point: pointing,
    draw: (place) => {
      const stroke = own();
      if (place === undefined) return end();
      if (stroke === undefined) return begin(place);
      const points = withPoint(stroke.points, place);
      if (points === stroke.points) return;
      change({
        ...board,
        drawing: new Map([...board.drawing, [wire.me(), { ...stroke, points }]]),
      });
      drawing(undefined);
    },
    undo: () => {
      const last = marksOf(board)
        .filter(({ id }) => mine.includes(id))
        .sort((a, b) => mine.indexOf(b.id) - mine.indexOf(a.id))[0];
      if (last !== undefined) say({ say: "taken", ids: [last.id] });
    },
    heard: (from, bytes) => {
      const message = readMessage(bytes);
      if (message === undefined || from === wire.me()) return;
      change(receive(board, from, message));
      if (message.say === "asking") answer(from);
    },
    came: (who) => {
      if (who !== wire.me()) return answer(who);
      tell({ say: "asking" });
      // What was shown or drawn while nothing went out is known to nobody else.
      for (const message of wholeState(board)) tell(message);
    },
    left: () => change(forget(board, new Set(wire.present()))),
  };

  function answer(to: string): void {
    if (!tellers(board, wire.present(), to).includes(wire.me())) return;
    for (const message of wholeState(board)) tell(message, false, to);
  }
};

const mutable = (stroke: Stroke) => ({ ...stroke, points: [...stroke.points] });

const nextHead = (
  { head }: Board,
  by: string,
  board: string,
  file: string | null,
): Extract<Message, { readonly say: "shown" }>["head"] => ({
  board,
  order: (head?.order ?? 0) + 1,
  by,
  file,
});

/** At most once in so many ms: at once when it was quiet, else the latest at the end of the pause. */
const spaced = <T>(
  ms: number,
  later: (work: () => void, ms: number) => void,
  work: (value: T) => void,
): ((value: T) => void) => {
  let resting = false;
  let waiting: { readonly value: T } | undefined;
  const go = (value: T): void => {
    resting = true;
    work(value);
    later(() => {
      resting = false;
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) go(next.value);
    }, ms);
  };
  return (value) => {
    if (resting) waiting = { value };
    else go(value);
  };
};
