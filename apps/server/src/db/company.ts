/**
 * Asks for what many requests want of the same kind by one question: what is wanted while questions are under way goes
 * into the next one. Nobody gets an answer to a question that was asked before theirs.
 * @param ask answers by key; what is not there is left out
 */
export const openCompany = <Answer>(
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
): ((key: string) => Promise<Answer | undefined>) => {
  const waiting: Waiting<Answer>[] = [];
  let underWay = 0;

  const pump = (): void => {
    if (waiting.length === 0 || underWay >= mostAtOnce) return;
    const taken = waiting.splice(0, mostKeys);
    underWay += 1;
    void answerAll(ask, taken).finally(() => {
      underWay -= 1;
      pump();
    });
  };

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      // Whatever is wanted in the same turn of the loop goes together.
      setImmediate(pump);
    });
};

interface Waiting<Answer> {
  readonly key: string;
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** One that is slow keeps nobody else waiting for long. */
const mostAtOnce = 4;
const mostKeys = 100;

const answerAll = async <Answer>(
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
  taken: readonly Waiting<Answer>[],
): Promise<void> => {
  try {
    const found = await ask([...new Set(taken.map(({ key }) => key))]);
    for (const { key, resolve } of taken) resolve(found.get(key));
  } catch (error) {
    for (const { reject } of taken) reject(error);
  }
};
