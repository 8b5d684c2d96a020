import { plain } from "./plain.ts";

export interface DiagnosisCode {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

/**
 * A seed of ICD-10 for a station's frequent reasons. There is no free machine-readable edition: a facility
 * imports its own; any code of the right form is accepted as typed.
 */
export const diagnosisCodes: readonly DiagnosisCode[] = [
  {
    code: "A09",
    vi: "Tiêu chảy và viêm dạ dày - ruột nhiễm khuẩn",
    en: "Infectious gastroenteritis",
  },
  { code: "A15", vi: "Lao hô hấp, có xác nhận", en: "Respiratory tuberculosis, confirmed" },
  { code: "A41.9", vi: "Nhiễm khuẩn huyết, không đặc hiệu", en: "Sepsis, unspecified" },
  { code: "A90", vi: "Sốt dengue", en: "Dengue fever" },
  {
    code: "A97.0",
    vi: "Sốt xuất huyết Dengue không có dấu hiệu cảnh báo",
    en: "Dengue without warning signs",
  },
  {
    code: "A97.1",
    vi: "Sốt xuất huyết Dengue có dấu hiệu cảnh báo",
    en: "Dengue with warning signs",
  },
  { code: "B01", vi: "Thủy đậu", en: "Varicella" },
  { code: "B02", vi: "Zona", en: "Herpes zoster" },
  { code: "B35", vi: "Nấm da", en: "Dermatophytosis" },
  { code: "B86", vi: "Ghẻ", en: "Scabies" },
  {
    code: "C50.9",
    vi: "U ác của vú, không đặc hiệu",
    en: "Malignant neoplasm of breast, unspecified",
  },
  { code: "D64.9", vi: "Thiếu máu, không đặc hiệu", en: "Anaemia, unspecified" },
  {
    code: "E11.9",
    vi: "Đái tháo đường típ 2, không biến chứng",
    en: "Type 2 diabetes without complications",
  },
  { code: "E78", vi: "Rối loạn chuyển hóa lipoprotein", en: "Disorders of lipoprotein metabolism" },
  { code: "G40.9", vi: "Động kinh, không đặc hiệu", en: "Epilepsy, unspecified" },
  { code: "G43", vi: "Migraine", en: "Migraine" },
  { code: "H10", vi: "Viêm kết mạc", en: "Conjunctivitis" },
  { code: "H81", vi: "Rối loạn chức năng tiền đình", en: "Disorders of vestibular function" },
  { code: "I10", vi: "Tăng huyết áp vô căn", en: "Essential hypertension" },
  { code: "I20.0", vi: "Cơn đau thắt ngực không ổn định", en: "Unstable angina" },
  {
    code: "I21.1",
    vi: "Nhồi máu cơ tim cấp thành dưới",
    en: "Acute inferior myocardial infarction",
  },
  {
    code: "I21.9",
    vi: "Nhồi máu cơ tim cấp, không đặc hiệu",
    en: "Acute myocardial infarction, unspecified",
  },
  { code: "I50.9", vi: "Suy tim, không đặc hiệu", en: "Heart failure, unspecified" },
  { code: "I63.9", vi: "Nhồi máu não, không đặc hiệu", en: "Cerebral infarction, unspecified" },
  {
    code: "I64",
    vi: "Đột quỵ, không xác định xuất huyết hay nhồi máu",
    en: "Stroke, not specified",
  },
  { code: "J00", vi: "Viêm mũi họng cấp", en: "Acute nasopharyngitis" },
  { code: "J18.0", vi: "Viêm phế quản phổi, không đặc hiệu", en: "Bronchopneumonia, unspecified" },
  { code: "J18.9", vi: "Viêm phổi, không đặc hiệu", en: "Pneumonia, unspecified" },
  { code: "J20.9", vi: "Viêm phế quản cấp", en: "Acute bronchitis" },
  { code: "J44", vi: "Bệnh phổi tắc nghẽn mạn tính", en: "Chronic obstructive pulmonary disease" },
  { code: "J45", vi: "Hen phế quản", en: "Asthma" },
  { code: "K21", vi: "Trào ngược dạ dày - thực quản", en: "Gastro-oesophageal reflux" },
  { code: "K29", vi: "Viêm dạ dày và tá tràng", en: "Gastritis and duodenitis" },
  { code: "K35", vi: "Viêm ruột thừa cấp", en: "Acute appendicitis" },
  { code: "K59", vi: "Rối loạn chức năng ruột khác", en: "Other functional intestinal disorders" },
  { code: "L20", vi: "Viêm da cơ địa", en: "Atopic dermatitis" },
  { code: "L23", vi: "Viêm da tiếp xúc dị ứng", en: "Allergic contact dermatitis" },
  { code: "L30.9", vi: "Viêm da, không đặc hiệu", en: "Dermatitis, unspecified" },
  { code: "L40", vi: "Vảy nến", en: "Psoriasis" },
  { code: "L50", vi: "Mày đay", en: "Urticaria" },
  { code: "M17", vi: "Thoái hóa khớp gối", en: "Gonarthrosis" },
  { code: "M54.5", vi: "Đau thắt lưng", en: "Low back pain" },
  { code: "N20", vi: "Sỏi thận và niệu quản", en: "Calculus of kidney and ureter" },
  { code: "N39.0", vi: "Nhiễm khuẩn đường tiết niệu", en: "Urinary tract infection" },
  { code: "N63", vi: "Khối u vú không đặc hiệu", en: "Unspecified lump in breast" },
  { code: "O13", vi: "Tăng huyết áp thai kỳ", en: "Gestational hypertension" },
  { code: "O14.1", vi: "Tiền sản giật nặng", en: "Severe pre-eclampsia" },
  { code: "O14.9", vi: "Tiền sản giật, không đặc hiệu", en: "Pre-eclampsia, unspecified" },
  { code: "O15.0", vi: "Sản giật trong thai kỳ", en: "Eclampsia in pregnancy" },
  { code: "O46.9", vi: "Chảy máu trước đẻ", en: "Antepartum haemorrhage" },
  { code: "O60", vi: "Chuyển dạ sớm", en: "Preterm labour" },
  { code: "R05", vi: "Ho", en: "Cough" },
  { code: "R07.4", vi: "Đau ngực, không đặc hiệu", en: "Chest pain, unspecified" },
  { code: "R10.4", vi: "Đau bụng, không đặc hiệu", en: "Abdominal pain, unspecified" },
  { code: "R21", vi: "Phát ban và ban da không đặc hiệu khác", en: "Rash" },
  { code: "R50.9", vi: "Sốt, không đặc hiệu", en: "Fever, unspecified" },
  { code: "R51", vi: "Đau đầu", en: "Headache" },
  { code: "R56.0", vi: "Co giật do sốt", en: "Febrile convulsions" },
  { code: "S06.0", vi: "Chấn động não", en: "Concussion" },
  { code: "S52", vi: "Gãy xương cẳng tay", en: "Fracture of forearm" },
  { code: "S82", vi: "Gãy xương cẳng chân", en: "Fracture of lower leg" },
  { code: "T14.1", vi: "Vết thương hở", en: "Open wound" },
  { code: "T30.0", vi: "Bỏng", en: "Burn" },
  { code: "T60.0", vi: "Ngộ độc phospho hữu cơ", en: "Organophosphate poisoning" },
  { code: "T62.0", vi: "Ngộ độc nấm", en: "Mushroom poisoning" },
  { code: "T63.0", vi: "Nhiễm độc nọc rắn", en: "Toxic effect of snake venom" },
  { code: "T63.4", vi: "Nhiễm độc nọc ong, côn trùng", en: "Toxic effect of insect venom" },
  { code: "T78.2", vi: "Sốc phản vệ", en: "Anaphylactic shock" },
  { code: "Z09", vi: "Theo dõi sau điều trị", en: "Follow-up examination after treatment" },
];

const indexed = diagnosisCodes.map((row) => ({
  row,
  words: plain(`${row.code} ${row.vi} ${row.en}`),
}));

/** Codes whose code or name holds every word of the query, in either language, with or without diacritics. */
export const searchDiagnosisCodes = (query: string, most = 8): readonly DiagnosisCode[] => {
  const words = plain(query)
    .split(" ")
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  return indexed
    .filter(({ words: text }) => words.every((word) => text.includes(word)))
    .slice(0, most)
    .map(({ row }) => row);
};
