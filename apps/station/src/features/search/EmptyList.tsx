import { Empty } from "@lientuyen/ui";
import { useReading } from "../../device/hooks.ts";
import { useWords } from "../../words/index.ts";

/** In place of a list's rows: that there are none, once that is known. */
export function EmptyList({ children }: { readonly children: string }) {
  const words = useWords().frame;
  const reading = useReading();
  return (
    <Empty>
      {
        {
          whole: children,
          reading: words.listLoading,
          // No line, or nobody signed in: the line at the top says which.
          notRead: words.listNotLoaded,
        }[reading]
      }
    </Empty>
  );
}
