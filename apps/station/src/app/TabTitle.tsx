import { useEffect } from "react";
import { useCases } from "../device/hooks.ts";
import { waitingCount } from "../features/notify/happened.ts";
import { useFirstWords } from "../words/index.ts";
import type { Screen } from "./screens.ts";

/**
 * The tab says which screen it shows, behind the number of what waits. Never whose case: browsers write titles into
 * their history in clear.
 */
export function TabTitle({ screen }: { readonly screen: Screen["name"] }) {
  const { frame, shell } = useFirstWords();
  const waiting = waitingCount(useCases());
  const title = `${waiting === 0 ? "" : `(${waiting}) `}${frame.titles[screen]} · ${shell.product}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  // The lock says nothing of what was open.
  useEffect(
    () => () => {
      document.title = shell.product;
    },
    [shell.product],
  );
  return null;
}
