/*
 * A browser that finds its database files broken deletes them all, and says nothing of it. A note beside the database
 * lets the sign-in screen tell that there was a store here, and how much of it had not been sent: a count, no word.
 * In the cache, which lies in files of its own and is written at once; `localStorage` is written when the browser
 * finds the time.
 */
const cacheName = "lientuyen-unsent";
const address = "/unsent";

let noted: number | undefined;
let writing: Promise<unknown> = Promise.resolve();

export const noteStore = (unsent: number): void => {
  if (unsent === noted) return;
  noted = unsent;
  // Where there is no room for it, that has been told of already.
  writing = writing
    .then(() => caches.open(cacheName))
    .then((cache) => cache.put(address, new Response(String(unsent))))
    .catch(() => undefined);
};

/** Items of the store that was here and had not been sent; undefined where none was. */
export const notedStore = async (): Promise<number | undefined> => {
  const response = await caches.match(address, { cacheName }).catch(() => undefined);
  return response === undefined ? undefined : Number(await response.text());
};
