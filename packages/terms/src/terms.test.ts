import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ageInMonths,
  answerWithinMinutes,
  diagnosisCodes,
  findRemoteCondition,
  guidedHistories,
  judgeReading,
  likenessOf,
  plain,
  readCardText,
  readInsuranceNumber,
  readVital,
  remoteConditions,
  searchDiagnosisCodes,
  shortFacilityName,
  specialties,
  vitalSigns,
  vitalUnit,
} from "./index.ts";

describe("plain", () => {
  it("finds Đỗ by do, composed or decomposed", () => {
    expect(plain("Đỗ Quang Huy".normalize("NFC"))).toBe("do quang huy");
    expect(plain("Đỗ Quang Huy".normalize("NFD"))).toBe("do quang huy");
  });
  it("is stable: the form of a form is itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(plain(plain(text))).toBe(plain(text));
      }),
    );
  });
});

describe("vital signs", () => {
  it("reads 110/70, comma and dot", () => {
    expect(readVital("110/70")).toEqual({ read: "pair", systolic: 110, diastolic: 70 });
    expect(readVital(" 37,1 ")).toEqual({ read: "number", value: 37.1 });
    expect(readVital("37.1")).toEqual({ read: "number", value: 37.1 });
    expect(readVital("abc")).toEqual({ read: "notANumber" });
    expect(readVital("")).toEqual({ read: "empty" });
  });
  it("asks 8,4 where 84 kg was typed for a child of 18 months", () => {
    expect(judgeReading("weight", 84, 18)).toEqual({ judged: "ask", suggestion: 8.4 });
  });
  it("refuses what no living person has, and says what was meant", () => {
    expect(judgeReading("temperature", 392, 18)).toEqual({
      judged: "impossible",
      suggestion: 39.2,
    });
    expect(judgeReading("spo2", 101, 400)).toMatchObject({ judged: "impossible" });
  });
  it.each([
    ["pulse", 104, 416],
    ["systolic", 110, 416],
    ["temperature", 37.1, 416],
    ["respirations", 56, 18],
    ["spo2", 91, 18],
    ["temperature", 39.2, 18],
    ["weight", 8.4, 18],
    ["pulse", 58, 732],
    ["systolic", 160, 324],
    ["weight", 58, 416],
  ])("takes %s %d at %d months without asking", (sign, value, age) => {
    expect(judgeReading(sign, value, age)).toEqual({ judged: "usual" });
  });
  it("has for every sign a source, rows by rising age and asking bounds within what is possible", () => {
    for (const sign of vitalSigns) {
      expect(sign.source.length).toBeGreaterThan(10);
      expect(sign.ranges[0]?.fromMonths).toBe(0);
      const ages = sign.ranges.map((range) => range.fromMonths);
      expect(ages).toEqual([...ages].sort((a, b) => a - b));
      for (const { ask } of sign.ranges)
        expect(ask[0] >= sign.possible[0] && ask[1] <= sign.possible[1] && ask[0] < ask[1]).toBe(
          true,
        );
    }
  });
  it("says each unit in both languages", () => {
    expect(vitalUnit("pulse", "vi")).toBe("lần/phút");
    expect(vitalUnit("pulse", "en")).toBe("/min");
    expect(vitalUnit("spo2", "en")).toBe("%");
    for (const { code } of vitalSigns) expect(vitalUnit(code, "en")).toMatch(/^[ -~°]+$/);
  });
  it("a suggestion is always usual itself", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...vitalSigns.map((sign) => sign.code)),
        fc.double({ min: 0, max: 5000, noNaN: true }),
        fc.integer({ min: 0, max: 1200 }),
        (sign, value, age) => {
          const judged = judgeReading(sign, value, age);
          const suggested = judged.judged === "usual" ? value : judged.suggestion;
          fc.pre(suggested !== undefined);
          expect(judgeReading(sign, suggested, age).judged).toBe("usual");
        },
      ),
    );
  });
});

describe("a facility's short name", () => {
  it("is what is written of it, composed or not, and the whole name where nothing is known", () => {
    expect(shortFacilityName("Trạm Y tế xã Thu Lũm")).toBe("TYT Thu Lũm");
    expect(shortFacilityName("trạm y tế xã Thu Lũm".normalize("NFD"))).toBe("TYT Thu Lũm");
    expect(shortFacilityName("Bệnh viện Đa khoa tỉnh Lai Châu")).toBe("BVĐK Lai Châu");
    expect(shortFacilityName("Bệnh viện Nhi Sông Hồng")).toBe("BV Nhi Sông Hồng");
    for (const name of ["Trạm Y tế", "Nhà hộ sinh A"]) expect(shortFacilityName(name)).toBe(name);
  });
});

describe("answer deadlines", () => {
  it("are 10 minutes, 60 minutes and 24 hours, and a contract may change them", () => {
    const at = "2026-11-22T00:00:00.000Z";
    expect(
      ["emergency", "urgent", "routine"].map((u) =>
        answerWithinMinutes(u === "emergency" ? u : u === "urgent" ? u : "routine", at),
      ),
    ).toEqual([10, 60, 1440]);
    expect(answerWithinMinutes("urgent", at, { urgent: 30 })).toBe(30);
    expect(answerWithinMinutes("routine", at, { urgent: 30 })).toBe(1440);
  });
});

describe("cards", () => {
  it("reads a CCCD's QR text", () => {
    expect(
      readCardText(
        "012092004417|120455667|Giàng A Dế|15031992|Nam|Bản Nậm Ngà, Tà Tổng, Lai Châu|20042022\n",
      ),
    ).toEqual({
      read: "card",
      card: {
        personalNumber: "012092004417",
        oldNumber: "120455667",
        name: "Giàng A Dế",
        birthDay: "1992-03-15",
        sex: "male",
        address: "Bản Nậm Ngà, Tà Tổng, Lai Châu",
        issuedDay: "2022-04-20",
      },
    });
  });
  it("tells the sex though Telex changed its letters", () => {
    for (const sex of ["Nữ", "Nuwx", "NUWX", "nữ".normalize("NFD")])
      expect(readCardText(`012194003321||Chang Thị Na|01012000|${sex}|x|`)).toMatchObject({
        card: { sex: "female" },
      });
  });
  it("names what is wrong", () => {
    expect(readCardText("")).toEqual({ read: "notACard", why: "empty" });
    expect(readCardText("01209200441|x|y|15031992|Nam|z|")).toEqual({
      read: "notACard",
      why: "badNumber",
    });
    expect(readCardText("012092004417||y|31021992|Nam|z|")).toEqual({
      read: "notACard",
      why: "badDay",
    });
    expect(readCardText("12345")).toEqual({ read: "notACard", why: "badNumber" });
    expect(readCardText("xin chào")).toEqual({ read: "notACard", why: "notKnown" });
  });
  it("takes BHYT with 15 characters and with the bare ten digits", () => {
    expect(readInsuranceNumber("HT2 1201 12345678")).toBe("HT2120112345678");
    expect(readInsuranceNumber("0112345678")).toBe("0112345678");
    expect(readInsuranceNumber("HT212011234567")).toBeUndefined();
  });
  it("reads a card number that a scanner typed with VNI or Telex switched on", () => {
    expect(readInsuranceNumber("TÉ120112345678")).toBe("TE1120112345678");
    expect(readInsuranceNumber("té120112345678".normalize("NFD"))).toBe("TE1120112345678");
    expect(readInsuranceNumber("Đ4120112345678")).toBe("DD4120112345678");
  });
  it("never throws, whatever is scanned", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(["card", "notACard"]).toContain(readCardText(text).read);
      }),
    );
  });
});

describe("likeness", () => {
  it("offers Trang Thị Na for Chang Thị Na", () => {
    expect(
      likenessOf(
        { name: "Chang Thị Na", sex: "female", birthYear: 2025 },
        { name: "Trang Thị Na", sex: "female", birthYear: 2025 },
      ),
    ).toBeGreaterThan(0.75);
  });
  it("holds two personal numbers for two persons, and the bare insurance number for its card", () => {
    expect(
      likenessOf(
        { name: "A", personalNumber: "012092004417" },
        { name: "A", personalNumber: "012092004418" },
      ),
    ).toBe(0);
    expect(
      likenessOf({ insuranceNumber: "HT2120112345678" }, { insuranceNumber: "0112345678" }),
    ).toBe(1);
  });
  it("is the same both ways", () => {
    const person = fc.record({
      name: fc.string({ maxLength: 20 }),
      birthYear: fc.integer({ min: 1900, max: 2026 }),
    });
    fc.assert(
      fc.property(person, person, (a, b) => {
        expect(likenessOf(a, b)).toBeCloseTo(likenessOf(b, a), 9);
      }),
    );
  });
});

describe("remote conditions (Circular 30/2023)", () => {
  it("has the fifty rows and matches by prefix and by range", () => {
    expect(remoteConditions.rows.map((row) => row.row)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    expect(findRemoteCondition("E66.0")?.row).toBe(1);
    expect(findRemoteCondition("E05.9")?.row).toBe(22);
    expect(findRemoteCondition("T63.0")).toBeUndefined();
    expect(findRemoteCondition("M25.51")?.row).toBe(7);
  });
});

describe("lists", () => {
  it("have no code twice and both languages", () => {
    for (const list of [specialties, diagnosisCodes, guidedHistories]) {
      expect(new Set(list.map((row) => row.code)).size).toBe(list.length);
      for (const row of list) expect(row.vi !== "" && row.en !== "").toBe(true);
    }
  });
  it("finds a diagnosis without diacritics", () => {
    expect(searchDiagnosisCodes("ran").map((row) => row.code)).toContain("T63.0");
    expect(searchDiagnosisCodes("viem da di ung").map((row) => row.code)).toEqual(["L23"]);
  });
});

describe("age", () => {
  it("counts completed months", () => {
    expect(ageInMonths({ known: "day", day: "1992-03-15" }, "2026-11-22T00:00:00.000Z")).toBe(416);
    expect(
      ageInMonths(
        { known: "ageMonths", ageMonths: 18, at: "2026-11-22T00:00:00.000Z" },
        "2027-01-22T00:00:00.000Z",
      ),
    ).toBe(20);
  });
});
