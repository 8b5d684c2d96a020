import type { Identity } from "@lientuyen/record";
import { Banner, Button } from "@lientuyen/ui";
import { useDevice, useReading } from "../../device/hooks.ts";
import { useFirstWords } from "../../words/index.ts";
import { writeBirth } from "./birthText.ts";

export interface Found {
  readonly log: string;
  readonly identity: Identity;
}

/** Earlier patients of this facility that may be the same person: offered, never decided. */
export function LikelyPatients({
  identity,
  chosen,
  onChoose,
}: {
  readonly identity: Partial<Identity>;
  readonly chosen: string;
  readonly onChoose: (found: Found) => void;
}) {
  const device = useDevice();
  // Asked again when all patients have been read.
  useReading();
  const { caseForm, vocabulary } = useFirstWords();
  const words = caseForm.patient;
  if (chosen !== "") return <Banner tone="good">{words.sameChosen}</Banner>;
  const found = device.cases.likelyPatients(identity);
  if (found.length === 0) return null;
  return (
    <Banner title={words.likely} live>
      <ul className="plain-list stack stack-s">
        {found.map((one) => (
          <li key={one.log} className="row row-apart">
            <span className="choice-text">
              <strong>{one.identity.name}</strong>
              {[
                vocabulary.sex[one.identity.sex],
                writeBirth(one.identity.birth, words),
                one.identity.address,
                one.identity.personalNumber,
              ]
                .filter((part) => part !== undefined && part !== "")
                .join(", ")}
            </span>
            <Button icon="check" onClick={() => onChoose(one)}>
              {words.thatIsIt}
            </Button>
          </li>
        ))}
      </ul>
    </Banner>
  );
}
