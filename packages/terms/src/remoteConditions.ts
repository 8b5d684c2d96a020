/** A condition that may be examined and treated remotely. */
export interface RemoteCondition {
  readonly row: number;
  readonly specialty: string;
  readonly name: string;
  /** Prefixes, or ranges such as E00-E07. */
  readonly icd10: readonly string[];
  /** False: the code comes from a scan; name and number are to be checked against the signed original. */
  readonly confirmed: boolean;
}

/** Circular 30/2023/TT-BYT: limits remote treatment of a patient, never doctor-to-doctor support. */
export const remoteConditions: {
  readonly from: string;
  readonly rows: readonly RemoteCondition[];
} = {
  from: "2024-01-01",
  rows: [
    { row: 1, specialty: "Dinh dưỡng", name: "Béo phì", icd10: ["E66"], confirmed: true },
    {
      row: 2,
      specialty: "Tai mũi họng",
      name: "Viêm mũi họng cấp",
      icd10: ["J00"],
      confirmed: true,
    },
    {
      row: 3,
      specialty: "Tai mũi họng",
      name: "Viêm mũi họng mạn",
      icd10: ["J31.1"],
      confirmed: true,
    },
    {
      row: 4,
      specialty: "Răng hàm mặt",
      name: "Viêm lợi/viêm miệng áp tơ",
      icd10: ["K12.0"],
      confirmed: true,
    },
    {
      row: 5,
      specialty: "Răng hàm mặt",
      name: "Viêm lưỡi bản đồ",
      icd10: ["K14.1"],
      confirmed: true,
    },
    {
      row: 6,
      specialty: "Răng hàm mặt",
      name: "Viêm lợi do mọc răng",
      icd10: ["K06.9"],
      confirmed: true,
    },
    { row: 7, specialty: "Cơ xương khớp", name: "Đau vai gáy", icd10: ["M25.5"], confirmed: true },
    {
      row: 8,
      specialty: "Cơ xương khớp",
      name: "Hội chứng cánh tay cổ",
      icd10: ["M53.1"],
      confirmed: true,
    },
    {
      row: 9,
      specialty: "Cơ xương khớp",
      name: "Đau thắt lưng",
      icd10: ["M54.5"],
      confirmed: true,
    },
    {
      row: 10,
      specialty: "Cơ xương khớp",
      name: "Viêm khớp dạng thấp",
      icd10: ["M05.0"],
      confirmed: true,
    },
    {
      row: 11,
      specialty: "Cơ xương khớp",
      name: "Thoái hóa khớp gối",
      icd10: ["M17"],
      confirmed: true,
    },
    {
      row: 12,
      specialty: "Cơ xương khớp",
      name: "Thoái hóa cột sống",
      icd10: ["M47"],
      confirmed: true,
    },
    {
      row: 13,
      specialty: "Cơ xương khớp",
      name: "Loãng xương (không gãy xương)",
      icd10: ["M81"],
      confirmed: true,
    },
    {
      row: 14,
      specialty: "Ngoại khoa",
      name: "Theo dõi sau phẫu thuật/thủ thuật",
      icd10: ["Z09"],
      confirmed: true,
    },
    {
      row: 15,
      specialty: "Ung bướu",
      name: "Theo dõi sau điều trị ung thư, chăm sóc giảm nhẹ",
      icd10: ["Z08"],
      confirmed: true,
    },
    { row: 16, specialty: "Tim mạch", name: "Tăng huyết áp", icd10: ["I10"], confirmed: true },
    {
      row: 17,
      specialty: "Tim mạch",
      name: "Suy, giãn tĩnh mạch",
      icd10: ["I83"],
      confirmed: true,
    },
    { row: 18, specialty: "Tim mạch", name: "Suy tĩnh mạch", icd10: ["I87.2"], confirmed: true },
    {
      row: 19,
      specialty: "Tim mạch",
      name: "Bệnh động mạch chi dưới mạn tính",
      icd10: ["I74.3"],
      confirmed: true,
    },
    {
      row: 20,
      specialty: "Nội tiết",
      name: "Đái tháo đường",
      icd10: ["E10.9", "E11.9", "E12.9", "E13.9", "E14.9"],
      confirmed: true,
    },
    { row: 21, specialty: "Nội tiết", name: "Rối loạn lipid máu", icd10: ["E78"], confirmed: true },
    {
      row: 22,
      specialty: "Nội tiết",
      name: "Bệnh tuyến giáp",
      icd10: ["E00-E07"],
      confirmed: false,
    },
    {
      row: 23,
      specialty: "Thận",
      name: "Bệnh thận mạn chưa lọc máu",
      icd10: ["N18.1"],
      confirmed: false,
    },
    { row: 24, specialty: "Hô hấp", name: "Hen phế quản", icd10: ["J45"], confirmed: false },
    {
      row: 25,
      specialty: "Hô hấp",
      name: "Bệnh phổi tắc nghẽn mạn tính",
      icd10: ["J44"],
      confirmed: false,
    },
    {
      row: 26,
      specialty: "Tâm thần",
      name: "Rối loạn loạn thần không thực tổn khác (tên: chưa kiểm)",
      icd10: ["F28.8"],
      confirmed: false,
    },
    {
      row: 27,
      specialty: "Tâm thần",
      name: "Rối loạn hỗn hợp lo âu và trầm cảm",
      icd10: ["F41.2"],
      confirmed: false,
    },
    {
      row: 28,
      specialty: "Da liễu",
      name: "Nhóm bệnh da nhiễm khuẩn",
      icd10: ["L01", "L02", "L66"],
      confirmed: false,
    },
    {
      row: 29,
      specialty: "Da liễu",
      name: "Nhóm bệnh da nấm - ký sinh trùng",
      icd10: ["B86", "B35", "B36.0"],
      confirmed: false,
    },
    {
      row: 30,
      specialty: "Da liễu",
      name: "Nhóm bệnh da virus",
      icd10: ["B01", "B02"],
      confirmed: false,
    },
    {
      row: 31,
      specialty: "Da liễu",
      name: "Nhóm bệnh da dị ứng - miễn dịch",
      icd10: ["L20", "L23", "L28.2", "L50"],
      confirmed: false,
    },
    { row: 32, specialty: "Thần kinh", name: "Parkinson", icd10: ["G20"], confirmed: false },
    {
      row: 33,
      specialty: "Thần kinh",
      name: "Sa sút trí tuệ trong bệnh Alzheimer",
      icd10: ["F00"],
      confirmed: false,
    },
    {
      row: 34,
      specialty: "Thần kinh",
      name: "Sa sút trí tuệ mạch máu",
      icd10: ["F01"],
      confirmed: false,
    },
    { row: 35, specialty: "Thần kinh", name: "Migraine", icd10: ["G43"], confirmed: false },
    {
      row: 36,
      specialty: "Thần kinh",
      name: "Đau đầu căng thẳng",
      icd10: ["G44.2"],
      confirmed: false,
    },
    {
      row: 37,
      specialty: "Tai/Thần kinh",
      name: "Rối loạn chức năng tiền đình",
      icd10: ["H81"],
      confirmed: false,
    },
    { row: 38, specialty: "Truyền nhiễm", name: "HIV/AIDS", icd10: ["B24"], confirmed: false },
    {
      row: 39,
      specialty: "Lao",
      name: "Tái khám lao",
      icd10: ["Z76.0", "A15-A19"],
      confirmed: false,
    },
    {
      row: 40,
      specialty: "Truyền nhiễm",
      name: "Sốt xuất huyết Dengue không có dấu hiệu cảnh báo",
      icd10: ["A97.0"],
      confirmed: false,
    },
    {
      row: 41,
      specialty: "Truyền nhiễm",
      name: "Cúm (mã trong các bản OCR: J19; J10; J10.1 - J19 nghi sai)",
      icd10: ["J10", "J10.1"],
      confirmed: false,
    },
    { row: 42, specialty: "Truyền nhiễm", name: "COVID-19", icd10: ["U07.1"], confirmed: false },
    {
      row: 43,
      specialty: "Tiêu hóa",
      name: "Viêm dạ dày và tá tràng",
      icd10: ["K29"],
      confirmed: false,
    },
    {
      row: 44,
      specialty: "Tiêu hóa",
      name: "Rối loạn chức năng ruột (táo bón...)",
      icd10: ["K59"],
      confirmed: false,
    },
    {
      row: 45,
      specialty: "Tiêu hóa",
      name: "Trào ngược dạ dày thực quản",
      icd10: ["K21"],
      confirmed: false,
    },
    {
      row: 46,
      specialty: "Tiêu hóa/Gan mật",
      name: "Viêm gan virus B",
      icd10: ["B16", "B18.1"],
      confirmed: false,
    },
    { row: 47, specialty: "Mắt", name: "Viêm kết mạc", icd10: ["H10"], confirmed: false },
    { row: 48, specialty: "Mắt", name: "Viêm giác mạc", icd10: ["H16"], confirmed: false },
    {
      row: 49,
      specialty: "Mắt",
      name: "Bệnh võng mạc di truyền (thoái hóa sắc tố)",
      icd10: ["H35.5"],
      confirmed: false,
    },
    {
      row: 50,
      specialty: "Phục hồi chức năng",
      name: "Tập phục hồi chức năng",
      icd10: ["Z50.1"],
      confirmed: false,
    },
  ],
};

const covers = (pattern: string, code: string): boolean => {
  const [first, last] = pattern.split("-");
  if (first === undefined) return false;
  if (last === undefined)
    return code === first || code.startsWith(first.includes(".") ? first : `${first}.`);
  const stem = code.slice(0, 3);
  return stem >= first && stem <= last;
};

/** The row that covers this ICD-10 code, if any. E66 covers E66.0; E00-E07 covers every code in it. */
export const findRemoteCondition = (icd10: string): RemoteCondition | undefined =>
  remoteConditions.rows.find((row) => row.icd10.some((pattern) => covers(pattern, icd10)));
