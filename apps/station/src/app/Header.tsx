import { Button, Dialog, Hidden, Icon, buttonClass, type IconName } from "@lientuyen/ui";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useDevice, useDirectory, useGate } from "../device/hooks.ts";
import { LanguageChoice } from "../features/signIn/LanguageChoice.tsx";
import { StatusLine } from "../features/status/StatusLine.tsx";
import { useFirstWords, type Words } from "../words/index.ts";
import { flushDrafts } from "./draft.ts";
import { workOf, type Work } from "./roles.ts";

interface Place {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
}

function placesOf(work: Work, words: Words["frame"]): readonly Place[] {
  const newCase: Place = { href: "/new", icon: "add", label: words.newCase };
  const cases: Place = { href: "/cases", icon: "list", label: words.cases };
  const answers: Place = { href: "/answers", icon: "answer", label: words.answers };
  const worklist: Place = { href: "/worklist", icon: "clock", label: words.worklist };
  const requests: Place = { href: "/requests", icon: "people", label: words.requests };
  switch (work) {
    case "station":
      return [newCase, cases, answers];
    case "specialist":
      return [worklist, cases, newCase, answers];
    case "coordinator":
      return [requests, worklist, cases];
    case "administrator":
      return [{ href: "/people", icon: "people", label: words.people }];
  }
}

/** The line of what is sent, the ways to go, and who is at the machine. */
export function Header({ emergency }: { readonly emergency: boolean }) {
  const device = useDevice();
  const directory = useDirectory();
  const words = useFirstWords();
  const [path] = useLocation();
  const facility = directory.facilities.get(device.me.facility);
  const places = emergency ? [] : placesOf(workOf(device.me, directory), words.frame);
  return (
    <header className="header">
      <StatusLine />
      <div className="header-row">
        <Link href="/" className="brand">
          <Icon name="cloud" />
          <Hidden>{words.frame.home}</Hidden>
          <span className="brand-name" title={facility?.name}>
            {facility?.shortName ?? words.shell.product}
          </span>
        </Link>
        <nav aria-label={words.frame.menu} className="places">
          {places.map((place) => (
            <Link
              key={place.href}
              href={place.href}
              className="place"
              aria-current={path === place.href ? "page" : undefined}
            >
              <Icon name={place.icon} />
              <span>{place.label}</span>
            </Link>
          ))}
        </nav>
        <PersonMenu />
      </div>
    </header>
  );
}

function PersonMenu() {
  const device = useDevice();
  const gate = useGate();
  const words = useFirstWords();
  const [open, setOpen] = useState(false);
  const [, go] = useLocation();
  const leave = (how: () => Promise<void>) => void flushDrafts().then(how);
  return (
    <>
      <Button icon="person" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span className="person-name">{device.me.name}</span>
      </Button>
      <Dialog
        open={open}
        title={device.me.name}
        closeLabel={words.frame.close}
        onClose={() => setOpen(false)}
      >
        <div className="row">
          <Button icon="people" tone="main" onClick={() => leave(() => gate.lock())}>
            {words.frame.changePerson}
          </Button>
          <Button icon="lock" onClick={() => leave(() => gate.lock())}>
            {words.frame.lock}
          </Button>
          <a
            className={buttonClass({})}
            href="/device"
            onClick={(event) => {
              event.preventDefault();
              setOpen(false);
              go("/device");
            }}
          >
            {words.frame.device}
          </a>
        </div>
        <LanguageChoice />
      </Dialog>
    </>
  );
}
