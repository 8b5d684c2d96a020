import pg from "pg";

/** Serialization, deadlock, or the same id written by another transaction meanwhile: judged again. */
const worthAnotherTry = new Set(["40001", "40P01", "23505"]);
const mostTries = 4;

export const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof pg.DatabaseError && worthAnotherTry.has(error.code ?? "");
      if (!again || tries >= mostTries) throw error;
    }
  }
};
