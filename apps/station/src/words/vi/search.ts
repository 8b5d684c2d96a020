export const search = {
  title: "Ca của tôi",
  label: "Tìm ca",
  hint: "Tên, số ca, chẩn đoán, số giấy tờ. Không cần gõ dấu.",
  open: (n: number) => `Đang mở (${n})`,
  closed: (n: number) => `Đã đóng (${n})`,
  which: "Hiện",
  found: (n: number) => `${n} ca`,
  none: "Không tìm thấy ca nào.",
  noneYet: "Chưa có ca nào.",
  unknownPatient: "Chưa rõ danh tính",
  unsent: (n: number) => `${n} mục chưa gửi`,
  writing: "Đang viết",
};
