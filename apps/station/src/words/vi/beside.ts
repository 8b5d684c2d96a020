/** Messages of the case beside a call. */
export const beside = {
  said: (who: string, text: string) => `${who} nhắn: ${text}`,
  read: "Đã đọc",
};
