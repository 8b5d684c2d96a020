import * as v from "valibot";

/**
 * What is shown to everybody in a call: one picture of the case, with marks and pointers over it. Only the picture's
 * entry is named; each draws it from its own store. Whatever order messages come in, and however often, who has had
 * them all sees the same: the latest showing wins, marks are a set, and what was taken back stays so.
 */
export interface Board {
  readonly head: Head | undefined;
  /** Whole strokes by their ids; those of an earlier showing are gone. */
  readonly strokes: ReadonlyMap<string, Stroke>;
  readonly taken: ReadonlySet<string>;
  /** Being drawn now, by who draws. */
  readonly drawing: ReadonlyMap<string, Stroke>;
  readonly pointers: ReadonlyMap<string, Place>;
}

/** A place on the picture, in ten-thousandths of its width and height from its upper left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export const whole = 10_000;
const most = { strokes: 400, numbers: 1_200, pointers: 50 } as const;

const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Coordinate = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(whole));
const Points = v.pipe(
  v.array(Coordinate),
  v.minLength(2),
  v.maxLength(most.numbers),
  v.check((points) => points.length % 2 === 0),
);
const Head = v.object({
  /** Of this showing; marks belong to it. */
  board: Id,
  /** Counts up with each showing; of two alike the later name wins. */
  order: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  by: Name,
  /** Hash of the file's entry; null: no longer shown. */
  file: v.nullable(v.pipe(v.string(), v.maxLength(100))),
});
export type Head = Readonly<v.InferOutput<typeof Head>>;
const Stroke = v.object({ id: Id, board: Id, by: Name, points: Points });
export type Stroke = Readonly<Omit<v.InferOutput<typeof Stroke>, "points">> & {
  /** x and y by turns, as `Place`. */
  readonly points: readonly number[];
};

const Message = v.variant("say", [
  v.object({ say: v.literal("shown"), head: Head }),
  v.object({
    say: v.literal("strokes"),
    strokes: v.pipe(v.array(Stroke), v.maxLength(most.strokes)),
  }),
  v.object({ say: v.literal("taken"), ids: v.pipe(v.array(Id), v.maxLength(most.strokes)) }),
  /** More of a line that is being drawn; its end sends it whole as a stroke. */
  v.object({ say: v.literal("drawing"), stroke: Stroke }),
  v.object({ say: v.literal("pointing"), board: Id, x: Coordinate, y: Coordinate }),
  v.object({ say: v.literal("resting"), board: Id }),
  /** Whoever has just come asks how things stand. */
  v.object({ say: v.literal("asking") }),
]);
export type Message = Readonly<v.InferOutput<typeof Message>>;

/** Undefined: nothing that this version understands. */
export const readMessage = (bytes: Uint8Array): Message | undefined => {
  try {
    const told = v.safeParse(Message, JSON.parse(new TextDecoder().decode(bytes)));
    return told.success ? told.output : undefined;
  } catch {
    return undefined;
  }
};

export const writeMessage = (message: Message): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(message));

export const emptyBoard: Board = {
  head: undefined,
  strokes: new Map(),
  taken: new Set(),
  drawing: new Map(),
  pointers: new Map(),
};

const isLater = (one: Head, other: Head): boolean =>
  one.order > other.order || (one.order === other.order && one.by > other.by);

const show = (board: Board, head: Head): Board => {
  if (board.head !== undefined && !isLater(head, board.head)) return board;
  const ofIt = [...board.strokes].filter(([, stroke]) => stroke.board === head.board);
  return { ...board, head, strokes: new Map(ofIt), drawing: new Map(), pointers: new Map() };
};

/** Marks may come before the showing that they belong to; older ones than what is shown are no longer wanted. */
const addStrokes = (board: Board, strokes: readonly Stroke[]): Board => {
  const wanted = strokes.filter(({ id }) => !board.taken.has(id) && !board.strokes.has(id));
  const room = most.strokes - board.strokes.size;
  if (wanted.length === 0 || room <= 0) return board;
  const drawing = new Map(board.drawing);
  for (const { by, id } of wanted) if (drawing.get(by)?.id === id) drawing.delete(by);
  const added = wanted.slice(0, room).map((stroke) => [stroke.id, stroke] as const);
  return { ...board, drawing, strokes: new Map([...board.strokes, ...added]) };
};

const takeBack = (board: Board, ids: readonly string[]): Board => {
  const strokes = new Map(board.strokes);
  for (const id of ids) strokes.delete(id);
  return { ...board, strokes, taken: new Set([...board.taken, ...ids]) };
};

const point = (board: Board, from: string, place: Place | undefined): Board => {
  const pointers = new Map(board.pointers);
  pointers.delete(from);
  if (place !== undefined && pointers.size < most.pointers) pointers.set(from, place);
  return { ...board, pointers };
};

/** What a message from somebody changes. */
export const receive = (board: Board, from: string, message: Message): Board => {
  switch (message.say) {
    case "shown":
      return show(board, message.head);
    case "strokes":
      return addStrokes(board, message.strokes);
    case "taken":
      return takeBack(board, message.ids);
    case "drawing": {
      const { stroke } = message;
      if (board.strokes.has(stroke.id) || board.taken.has(stroke.id)) return board;
      return { ...board, drawing: new Map([...board.drawing, [from, { ...stroke, by: from }]]) };
    }
    case "pointing":
      return message.board === board.head?.board ? point(board, from, message) : board;
    case "resting":
      return point(board, from, undefined);
    case "asking":
      return board;
  }
};

/** Pointers and half-drawn lines of people who have gone. */
export const forget = (board: Board, present: ReadonlySet<string>): Board => {
  const gone = [...board.pointers.keys(), ...board.drawing.keys()].some((who) => !present.has(who));
  if (!gone) return board;
  const stay = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].filter(([who]) => present.has(who)));
  return { ...board, pointers: stay(board.pointers), drawing: stay(board.drawing) };
};

/** The marks of what is shown now, in one order everywhere. */
export const marksOf = ({ head, strokes }: Board): readonly Stroke[] =>
  [...strokes.values()]
    .filter(({ board }) => board === head?.board)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** The most bytes of one reliable message that the media engine carries well. */
const packetBytes = 12_000;

/** Everything that somebody needs who has nothing, in messages small enough to be carried. */
export const wholeState = (board: Board): readonly Message[] => {
  if (board.head === undefined) return [];
  const messages: Message[] = [{ say: "shown", head: board.head }];
  if (board.taken.size > 0)
    messages.push({ say: "taken", ids: [...board.taken].slice(-most.strokes) });
  let batch: Stroke[] = [];
  let bytes = 0;
  const flush = () => {
    if (batch.length > 0)
      messages.push({
        say: "strokes",
        strokes: batch.map((stroke) => ({ ...stroke, points: [...stroke.points] })),
      });
    batch = [];
    bytes = 0;
  };
  for (const stroke of marksOf(board)) {
    const size = JSON.stringify(stroke).length;
    if (bytes + size > packetBytes) flush();
    batch.push(stroke);
    bytes += size;
  }
  flush();
  return messages;
};

/** Who tells a newcomer: who shows it; where they are gone, the first few of those who are there. */
export const tellers = (
  board: Board,
  present: readonly string[],
  newcomer: string,
): readonly string[] => {
  if (board.head === undefined) return [];
  const others = present.filter((who) => who !== newcomer).sort();
  return others.includes(board.head.by) ? [board.head.by] : others.slice(0, 3);
};

/** The next point is worth keeping where the hand has moved; at the end of room the line stays as it is. */
export const withPoint = (points: readonly number[], { x, y }: Place): readonly number[] => {
  const [lastX = -whole, lastY = -whole] = points.slice(-2);
  const moved = Math.hypot(x - lastX, y - lastY);
  return moved < 20 || points.length + 2 > most.numbers ? points : [...points, x, y];
};
