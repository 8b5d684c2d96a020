export const answers = {
  title: "Trả lời chờ tôi",
  empty: "Không có gì chờ bạn.",
  group: {
    answer: "Đã có trả lời, chờ quyết định",
    informationAsked: "Tuyến trên hỏi lại",
    outcomeDue: "Đến hạn báo kết quả",
    diverged: "Có hai bản viết song song, cần gộp",
  },
  undecided: (n: number) => `${n} khuyến nghị chưa quyết định`,
  changed: (ago: string) => `thay đổi ${ago}`,
};
