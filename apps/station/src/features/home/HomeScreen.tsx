import { Icon, type IconName } from "@lientuyen/ui";
import { Link, Redirect } from "wouter";
import { workOf } from "../../app/roles.ts";
import { useCases, useDevice, useDirectory, useGateState } from "../../device/hooks.ts";
import { useFirstWords } from "../../words/index.ts";
import { Unfinished } from "./Unfinished.tsx";
import "./home.css";

/** What each person came for: the station asks, the specialist answers, the coordinator allocates. */
export function HomeScreen() {
  const device = useDevice();
  const directory = useDirectory();
  const loading = useFirstWords().shell.loading;
  const emergency = useGateState().at === "emergency";
  if (emergency) return <StationHome />;
  // At the first unlock the directory is still on its way; a station must not be taken for a hospital.
  if (!directory.facilities.has(device.me.facility)) return <p role="status">{loading}</p>;
  switch (workOf(device.me, directory)) {
    case "station":
      return <StationHome />;
    case "specialist":
      return <Redirect to="/worklist" replace />;
    case "coordinator":
      return <Redirect to="/requests" replace />;
    case "administrator":
      return <Redirect to="/people" replace />;
  }
}

function StationHome() {
  const device = useDevice();
  const cases = useCases();
  const words = useFirstWords().home;
  const own = cases.filter((row) => row.facility === device.me.facility);
  const waiting = own.filter((row) => row.waitsForMe !== "no").length;
  return (
    <>
      <h1 className="visually-hidden">{words.hello(device.me.name)}</h1>
      <div className="home">
        <Link href="/emergency" className="home-choice home-emergency">
          <Icon name="alert" />
          <span className="home-label">{words.emergency}</span>
          <span>{words.emergencyHint}</span>
        </Link>
        <Large href="/new" icon="add" label={words.newCase} hint={words.newCaseHint} />
        <Large
          href="/cases"
          icon="list"
          label={words.myCases}
          hint={words.myCasesHint(own.filter((row) => row.state === "open").length)}
        />
        <Large
          href="/answers"
          icon="answer"
          label={words.answers}
          hint={words.answersHint(waiting)}
          count={waiting}
        />
      </div>
      <Unfinished />
    </>
  );
}

function Large({
  href,
  icon,
  label,
  hint,
  count = 0,
}: {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
  readonly hint: string;
  readonly count?: number;
}) {
  return (
    <Link href={href} className="home-choice">
      <Icon name={icon} />
      <span className="home-label">
        {label}
        {count > 0 ? <span className="home-count">{count}</span> : null}
      </span>
      <span className="muted">{hint}</span>
    </Link>
  );
}
