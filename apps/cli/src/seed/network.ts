import type { Level, Role, Urgency } from "@lientuyen/record";

/** The demo network. All people, numbers and facilities are invented; the communes' names are real. */
export interface SeedFacility {
  readonly code: string;
  readonly name: string;
  readonly shortName: string;
  readonly level: Level;
  readonly province: string;
  readonly phone: string;
  readonly duty: readonly {
    readonly specialty?: string;
    readonly urgency?: Urgency;
    readonly name: string;
    readonly phone: string;
  }[];
}

export interface SeedPerson {
  readonly account: string;
  readonly facility: string;
  readonly name: string;
  readonly title: string;
  readonly certificateNumber?: string;
  readonly phone: string;
  readonly roles: readonly { readonly role: Role; readonly specialty?: string }[];
  /** The machine on which this person's key is enrolled; colleagues share one by its name. */
  readonly device: string;
}

export interface SeedContract {
  readonly between: readonly [string, string];
  readonly contract: string;
}

// 000 after the area code belongs to nobody: no reader can ring a stranger by mistake.
export const facilities: readonly SeedFacility[] = [
  {
    code: "01901",
    name: "Bệnh viện Trung ương Sông Hồng",
    shortName: "BVTW Sông Hồng",
    level: "central",
    province: "Hà Nội",
    phone: "024 000 01901",
    duty: [
      { urgency: "emergency", name: "Tổng đài hội chẩn, trực 24 giờ", phone: "024 000 01115" },
      {
        specialty: "toxicology",
        urgency: "emergency",
        name: "Trực chống độc – hồi sức",
        phone: "024 000 01116",
      },
      { specialty: "cardiology", name: "Trực tim mạch", phone: "024 000 01117" },
      { specialty: "paediatrics", name: "Trực nhi", phone: "024 000 01118" },
      {
        specialty: "oncology",
        name: "Phòng khám ung bướu (giờ hành chính)",
        phone: "024 000 01119",
      },
    ],
  },
  {
    code: "12901",
    name: "Bệnh viện Đa khoa tỉnh Lai Châu (mẫu)",
    shortName: "BVĐK Lai Châu",
    level: "provincial",
    province: "Lai Châu",
    phone: "0213 000 901",
    duty: [
      { urgency: "emergency", name: "Trực cấp cứu bệnh viện tỉnh", phone: "0213 000 115" },
      { specialty: "obstetrics", name: "Trực sản", phone: "0213 000 116" },
      { specialty: "internalMedicine", name: "Trực nội", phone: "0213 000 117" },
      {
        specialty: "dermatology",
        name: "Phòng khám da liễu (giờ hành chính)",
        phone: "0213 000 118",
      },
    ],
  },
  {
    code: "12911",
    name: "Trạm Y tế xã Thu Lũm",
    shortName: "TYT Thu Lũm",
    level: "commune",
    province: "Lai Châu",
    phone: "0213 000 911",
    duty: [{ name: "BS. Pờ Go Xá", phone: "0900 000 011" }],
  },
  {
    code: "12912",
    name: "Trạm Y tế xã Mù Cả",
    shortName: "TYT Mù Cả",
    level: "commune",
    province: "Lai Châu",
    phone: "0213 000 912",
    duty: [{ name: "BS. Khoàng Văn Phúc", phone: "0900 000 012" }],
  },
  {
    code: "12913",
    name: "Trạm Y tế xã Tà Tổng",
    shortName: "TYT Tà Tổng",
    level: "commune",
    province: "Lai Châu",
    phone: "0213 000 913",
    duty: [{ name: "YS. Vàng Thị Sua", phone: "0900 000 013" }],
  },
  {
    code: "12914",
    name: "Trạm Y tế xã Sin Suối Hồ",
    shortName: "TYT Sin Suối Hồ",
    level: "commune",
    province: "Lai Châu",
    phone: "0213 000 914",
    duty: [{ name: "BS. Hảng A Chinh", phone: "0900 000 014" }],
  },
];

const physician = (specialty: string): SeedPerson["roles"] => [{ role: "physician", specialty }];

export const people: readonly SeedPerson[] = [
  {
    account: "khuelm",
    facility: "01901",
    name: "Lê Minh Khuê",
    title: "PGS.",
    certificateNumber: "000101/BYT-CCHN",
    phone: "0900 000 101",
    roles: [...physician("cardiology"), { role: "departmentHead", specialty: "cardiology" }],
    device: "Máy khoa Tim mạch",
  },
  {
    account: "hangpt",
    facility: "01901",
    name: "Phan Thu Hằng",
    title: "BS.",
    certificateNumber: "000102/BYT-CCHN",
    phone: "0900 000 102",
    roles: physician("paediatrics"),
    device: "Máy khoa Nhi",
  },
  {
    account: "huydq",
    facility: "01901",
    name: "Đỗ Quang Huy",
    title: "BS.",
    certificateNumber: "000103/BYT-CCHN",
    phone: "0900 000 103",
    roles: physician("toxicology"),
    device: "Máy trung tâm Chống độc",
  },
  {
    account: "tramnb",
    facility: "01901",
    name: "Nguyễn Bảo Trâm",
    title: "BS.",
    certificateNumber: "000104/BYT-CCHN",
    phone: "0900 000 104",
    roles: physician("oncology"),
    device: "Máy khoa Ung bướu",
  },
  {
    account: "lanvt",
    facility: "01901",
    name: "Vũ Thị Lan",
    title: "CN.",
    phone: "0900 000 105",
    roles: [{ role: "coordinator" }],
    device: "Máy phòng Điều phối",
  },
  {
    account: "longtd",
    facility: "01901",
    name: "Trần Đức Long",
    title: "KS.",
    phone: "0900 000 106",
    roles: [{ role: "itAdministrator" }],
    device: "Máy phòng CNTT Sông Hồng",
  },
  {
    account: "thanhlv",
    facility: "12901",
    name: "Lò Văn Thành",
    title: "BS.",
    certificateNumber: "000201/LC-CCHN",
    phone: "0900 000 201",
    roles: physician("obstetrics"),
    device: "Máy khoa Sản",
  },
  {
    account: "maiht",
    facility: "12901",
    name: "Hoàng Thị Mai",
    title: "BS.",
    certificateNumber: "000202/LC-CCHN",
    phone: "0900 000 202",
    roles: physician("dermatology"),
    device: "Máy khoa Da liễu",
  },
  {
    account: "sontv",
    facility: "12901",
    name: "Tao Văn Sơn",
    title: "BS.",
    certificateNumber: "000203/LC-CCHN",
    phone: "0900 000 203",
    roles: [...physician("internalMedicine"), { role: "coordinator" }],
    device: "Máy khoa Nội",
  },
  {
    account: "dunglt",
    facility: "12901",
    name: "Lù Thị Dung",
    title: "KS.",
    phone: "0900 000 204",
    roles: [{ role: "itAdministrator" }],
    device: "Máy phòng CNTT tỉnh",
  },
  {
    account: "xapg",
    facility: "12911",
    name: "Pờ Go Xá",
    title: "BS.",
    certificateNumber: "000301/LC-CCHN",
    phone: "0900 000 011",
    roles: [{ role: "physician" }, { role: "facilityHead" }],
    device: "Máy trạm Thu Lũm",
  },
  {
    account: "nhulm",
    facility: "12911",
    name: "Lỳ Mé Nhù",
    title: "ĐD.",
    certificateNumber: "000302/LC-CCHN",
    phone: "0900 000 021",
    roles: [{ role: "nurse" }],
    device: "Máy trạm Thu Lũm",
  },
  {
    account: "phuckv",
    facility: "12912",
    name: "Khoàng Văn Phúc",
    title: "BS.",
    certificateNumber: "000303/LC-CCHN",
    phone: "0900 000 012",
    roles: [{ role: "physician" }, { role: "facilityHead" }],
    device: "Máy trạm Mù Cả",
  },
  {
    account: "suavt",
    facility: "12913",
    name: "Vàng Thị Sua",
    title: "YS.",
    certificateNumber: "000304/LC-CCHN",
    phone: "0900 000 013",
    roles: [{ role: "physicianAssistant" }, { role: "facilityHead" }],
    device: "Máy trạm Tà Tổng",
  },
  {
    account: "chinhha",
    facility: "12914",
    name: "Hảng A Chinh",
    title: "BS.",
    certificateNumber: "000305/LC-CCHN",
    phone: "0900 000 014",
    roles: [{ role: "physician" }, { role: "facilityHead" }],
    device: "Máy trạm Sin Suối Hồ",
  },
];

const stations = ["12911", "12912", "12913", "12914"];
const contract = (low: string, high: string): SeedContract => ({
  between: [low, high],
  contract: `HD-${low}-${high}-2026`,
});

/** Mù Cả and Tà Tổng have none with the central hospital: a request there meets the rule. */
export const contracts: readonly SeedContract[] = [
  ...stations.map((station) => contract(station, "12901")),
  contract("12901", "01901"),
  contract("12911", "01901"),
  contract("12914", "01901"),
];
