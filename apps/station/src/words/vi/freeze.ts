/** A picture of a camera in a call, kept in the case. */
export const freeze = {
  you: "bạn",
  take: "Chụp hình này",
  takeOf: (name: string) => `Chụp hình này từ camera của ${name}`,
  asked: (name: string) => `Đang chụp từ camera của ${name} ở cỡ lớn nhất…`,
  caption: (facility: string, by: string) => `Hình từ camera ${facility}, ${by} chụp khi hội chẩn`,
  byOther: (who: string) => `${who} vừa chụp một hình từ camera của bạn; hình đã vào ca.`,
  outcome: {
    kept: (name: string) => `Đã chụp: hình từ camera của ${name} nay là một ảnh của ca.`,
    cameraOff: (name: string) => `Chưa chụp được: camera của ${name} đang tắt.`,
    failed: (name: string) => `Chưa chụp được từ camera của ${name}. Hãy thử lại.`,
    noAnswer: (name: string) => `${name} chưa trả lời: có thể đang mất đường truyền. Hãy thử lại.`,
  },
};
