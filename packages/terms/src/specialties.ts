export interface NamedCode {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

/** Specialties that a request can be addressed to. */
export const specialties: readonly NamedCode[] = [
  { code: "internalMedicine", vi: "Nội khoa", en: "Internal medicine" },
  { code: "cardiology", vi: "Tim mạch", en: "Cardiology" },
  { code: "paediatrics", vi: "Nhi", en: "Paediatrics" },
  { code: "obstetrics", vi: "Sản phụ khoa", en: "Obstetrics and gynaecology" },
  { code: "toxicology", vi: "Chống độc – hồi sức", en: "Toxicology and intensive care" },
  { code: "surgery", vi: "Ngoại khoa", en: "Surgery" },
  { code: "dermatology", vi: "Da liễu", en: "Dermatology" },
  { code: "oncology", vi: "Ung bướu", en: "Oncology" },
  { code: "neurology", vi: "Thần kinh", en: "Neurology" },
  { code: "infectiousDiseases", vi: "Truyền nhiễm", en: "Infectious diseases" },
  { code: "respiratory", vi: "Hô hấp", en: "Respiratory medicine" },
  { code: "psychiatry", vi: "Tâm thần", en: "Psychiatry" },
  { code: "ophthalmology", vi: "Mắt", en: "Ophthalmology" },
  { code: "earNoseThroat", vi: "Tai mũi họng", en: "Ear, nose and throat" },
  { code: "dentistry", vi: "Răng hàm mặt", en: "Dentistry" },
  { code: "imaging", vi: "Chẩn đoán hình ảnh", en: "Imaging" },
  { code: "pathology", vi: "Giải phẫu bệnh", en: "Pathology" },
];

/** Levels of care (tuyến). */
export const levels: readonly NamedCode[] = [
  { code: "commune", vi: "Trạm y tế xã", en: "Commune health station" },
  { code: "provincial", vi: "Tuyến tỉnh", en: "Provincial hospital" },
  { code: "central", vi: "Tuyến trung ương", en: "Central hospital" },
  { code: "department", vi: "Sở Y tế", en: "Department of health" },
];

/** Results of a case as the station tells them. */
export const outcomes: readonly NamedCode[] = [
  { code: "recovered", vi: "Khỏi", en: "Recovered" },
  { code: "improved", vi: "Đỡ", en: "Improved" },
  { code: "unchanged", vi: "Không thay đổi", en: "Unchanged" },
  { code: "worse", vi: "Nặng hơn", en: "Worse" },
  { code: "died", vi: "Tử vong", en: "Died" },
  { code: "transferred", vi: "Chuyển cơ sở khác", en: "Transferred" },
  { code: "unknown", vi: "Không rõ", en: "Unknown" },
];
