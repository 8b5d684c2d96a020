export interface GuidedQuestion {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  /** Quick answers; free text is always possible. */
  readonly answers?: readonly { readonly code: string; readonly vi: string; readonly en: string }[];
}
export interface GuidedHistory {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly questions: readonly GuidedQuestion[];
}

const yesNo = [
  { code: "yes", vi: "Có", en: "Yes" },
  { code: "no", vi: "Không", en: "No" },
  { code: "unknown", vi: "Không rõ", en: "Not known" },
] as const;

/** Guided histories by reason for coming. Sources: WHO IMCI 2014; WHO snakebite guidance 2016; ESC ACS 2023; MoH obstetric guidance. */
export const guidedHistories: readonly GuidedHistory[] = [
  {
    code: "general",
    vi: "Chung",
    en: "General",
    questions: [
      { code: "reason", vi: "Lý do đến khám", en: "Reason for coming" },
      { code: "since", vi: "Bắt đầu từ khi nào", en: "Since when" },
      {
        code: "course",
        vi: "Diễn biến",
        en: "Course",
        answers: [
          { code: "better", vi: "Đỡ dần", en: "Getting better" },
          { code: "same", vi: "Không đổi", en: "The same" },
          { code: "worse", vi: "Nặng dần", en: "Getting worse" },
        ],
      },
      { code: "treated", vi: "Đã điều trị gì", en: "Treated with" },
      { code: "past", vi: "Bệnh đã mắc", en: "Past illnesses" },
    ],
  },
  {
    code: "chestPain",
    vi: "Đau ngực",
    en: "Chest pain",
    questions: [
      { code: "since", vi: "Đau từ khi nào, bao lâu", en: "Since when, how long" },
      {
        code: "character",
        vi: "Kiểu đau",
        en: "Character",
        answers: [
          { code: "pressing", vi: "Đè ép, bóp nghẹt", en: "Pressing" },
          { code: "stabbing", vi: "Nhói", en: "Stabbing" },
          { code: "burning", vi: "Nóng rát", en: "Burning" },
        ],
      },
      { code: "severity", vi: "Mức đau 0–10", en: "Severity 0–10" },
      { code: "radiation", vi: "Lan đi đâu", en: "Radiates to" },
      { code: "sweating", vi: "Vã mồ hôi", en: "Sweating", answers: yesNo },
      { code: "breathless", vi: "Khó thở", en: "Breathless", answers: yesNo },
      {
        code: "risk",
        vi: "Tăng huyết áp, đái tháo đường, hút thuốc",
        en: "Hypertension, diabetes, smoking",
      },
      { code: "given", vi: "Đã dùng aspirin, nitrat", en: "Aspirin or nitrate given" },
    ],
  },
  {
    code: "snakebite",
    vi: "Rắn cắn",
    en: "Snakebite",
    questions: [
      { code: "when", vi: "Bị cắn lúc nào", en: "When bitten" },
      { code: "where", vi: "Vị trí vết cắn", en: "Where on the body" },
      { code: "snake", vi: "Rắn trông thế nào", en: "What the snake looked like" },
      { code: "swelling", vi: "Sưng lan tới đâu", en: "Swelling up to" },
      { code: "bleeding", vi: "Chảy máu không cầm", en: "Bleeding that goes on", answers: yesNo },
      {
        code: "ptosis",
        vi: "Sụp mi, khó nuốt, khó thở",
        en: "Ptosis, trouble swallowing or breathing",
        answers: yesNo,
      },
      {
        code: "clotting",
        vi: "Máu toàn phần 20 phút",
        en: "20-minute whole blood clotting",
        answers: [
          { code: "clotted", vi: "Đông", en: "Clotted" },
          { code: "notClotted", vi: "Không đông", en: "Not clotted" },
          { code: "notDone", vi: "Chưa làm", en: "Not done" },
        ],
      },
      {
        code: "firstAid",
        vi: "Đã sơ cứu gì (garô, rạch, đắp lá)",
        en: "First aid given (tourniquet, cuts, herbs)",
      },
    ],
  },
  {
    code: "childFever",
    vi: "Trẻ sốt, ho, thở nhanh",
    en: "Child with fever, cough, fast breathing",
    questions: [
      { code: "since", vi: "Sốt, ho mấy ngày", en: "Days of fever, cough" },
      { code: "drink", vi: "Bú hoặc uống được", en: "Able to drink or breastfeed", answers: yesNo },
      { code: "vomits", vi: "Nôn tất cả mọi thứ", en: "Vomits everything", answers: yesNo },
      { code: "convulsions", vi: "Co giật", en: "Convulsions", answers: yesNo },
      {
        code: "lethargic",
        vi: "Li bì, khó đánh thức",
        en: "Lethargic or unconscious",
        answers: yesNo,
      },
      { code: "indrawing", vi: "Rút lõm lồng ngực", en: "Chest indrawing", answers: yesNo },
      { code: "stridor", vi: "Thở rít khi nằm yên", en: "Stridor when calm", answers: yesNo },
      { code: "vaccines", vi: "Tiêm chủng", en: "Vaccination" },
    ],
  },
  {
    code: "pregnancy",
    vi: "Thai phụ",
    en: "Pregnancy",
    questions: [
      { code: "weeks", vi: "Tuổi thai (tuần)", en: "Weeks" },
      { code: "para", vi: "PARA", en: "Para" },
      { code: "headache", vi: "Đau đầu, nhìn mờ", en: "Headache, blurred vision", answers: yesNo },
      { code: "epigastric", vi: "Đau thượng vị", en: "Epigastric pain", answers: yesNo },
      { code: "bleeding", vi: "Ra máu, ra nước", en: "Bleeding, waters", answers: yesNo },
      { code: "movements", vi: "Thai máy", en: "Fetal movements", answers: yesNo },
      { code: "urineProtein", vi: "Protein niệu", en: "Urine protein" },
      { code: "contractions", vi: "Cơn co", en: "Contractions", answers: yesNo },
    ],
  },
  {
    code: "rash",
    vi: "Tổn thương da",
    en: "Skin lesion",
    questions: [
      { code: "since", vi: "Có từ khi nào", en: "Since when" },
      { code: "where", vi: "Ở đâu", en: "Where" },
      { code: "itch", vi: "Ngứa", en: "Itch", answers: yesNo },
      { code: "others", vi: "Người nhà có bị", en: "Others in the family", answers: yesNo },
      { code: "contact", vi: "Tiếp xúc hóa chất, cây cỏ", en: "Contact with chemicals, plants" },
      { code: "treated", vi: "Đã bôi, uống thuốc gì", en: "Treated with" },
    ],
  },
];
