// What one tab of the tablet tells the others: "records", "enrolment", "brief".
const channel = new BroadcastChannel("terrain");

export const tellOthers = (news) => channel.postMessage(news);

export function whenTold(news, act) {
  channel.addEventListener("message", ({ data }) => data === news && act());
}
