/** The playground's own requests: JSON to and from the server that served this page. */

/** What a person should be told when something did not work. */
export class Refused extends Error {
  constructor(message, answer = {}) {
    super(message);
    this.answer = answer;
  }
}

/** `GET /playground/{name}`. Raises `Refused`. */
export const get = (name, query = {}) => ask(`/playground/${name}?${new URLSearchParams(query)}`);

/** `POST /playground/{name}`. Raises `Refused`. */
export const post = (name, body) =>
  ask(`/playground/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

async function ask(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Refused("The playground does not answer. Is it still running in your terminal?");
  }
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new Refused(`The playground answered ${response.status} without saying why.`);
  if (!response.ok || answer.ok === false) throw new Refused(answer.error ?? `It answered ${response.status}.`, answer);
  return answer;
}

/** Calls `changed` whenever the server says that this person's state has; returns a function that ends it. */
export function listen(person, changed, connection) {
  let socket;
  let timer;
  let ended = false;
  const connect = () => {
    const url = new URL(`/playground/live?as=${encodeURIComponent(person)}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    socket = new WebSocket(url);
    socket.addEventListener("open", () => connection(true));
    socket.addEventListener("message", changed);
    socket.addEventListener("close", () => {
      if (ended) return;
      connection(false);
      timer = setTimeout(connect, 1500);
    });
  };
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    socket.close();
  };
}
