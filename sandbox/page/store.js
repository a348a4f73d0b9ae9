// What the page knows, and the one loop that asks the sandbox what has changed.

const WAIT_SECONDS = 20;

export const store = {
  about: null,
  me: null,
  place: null, // { channel } or { tab: "home" | "about" }
  thread: null, // the ts of a thread that is open in this place
  isConnected: true,
  ...nothingSeen(),
};
const listeners = new Set();
let looking = null;

function nothingSeen() {
  return { seq: -1, traffic: [], trafficCount: 0, clock: null, conversations: [], messages: new Map(), modals: [], home: null,
    unread: {}, connections: 0 };
}

/** Call a function at every change. */
export function subscribe(listener) {
  listeners.add(listener);
}

/** Tell everyone that something has changed. */
export function changed() {
  for (const listener of listeners) listener(store);
}

/** Learn what does not change, and begin to look as a person. */
export async function begin() {
  store.about = await asked("/sandbox/about");
  const known = localStorage.getItem("acting-as");
  const first = store.about.people.find((one) => one.name === known) || store.about.people[0];
  await become(first.id);
}

/** Act and see as another person; `place` is a channel's id, "app" or "home". */
export async function become(id, place = "app") {
  looking?.abort();
  const { traffic, trafficCount } = store;
  Object.assign(store, nothingSeen(), { traffic, trafficCount });
  store.me = store.about.people.find((one) => one.id === id);
  store.place = null;
  store.thread = null;
  localStorage.setItem("acting-as", store.me.name);
  looking = new AbortController();
  take(await asked(watchAddress(0), looking.signal));
  go(place);
  watch(looking);
}

/** Go to a conversation by id or name, to the app's messages ("app"), its Home or what it says of itself. */
export function go(place) {
  store.thread = null;
  if (place === "home" || place === "about") {
    store.place = { tab: place };
    if (place === "home") act("home", { tab: "home", patience: 0 });
  } else {
    const wanted = place === "app" ? (one) => one.is_app : (one) => one.id === place || one.name === place;
    const found = store.conversations.find(wanted) || store.conversations.find((one) => one.is_app);
    store.place = { channel: found.id };
    read();
  }
  changed();
}

export function conversation() {
  return store.conversations.find((one) => one.id === store.place?.channel);
}

/** Note that what stands here has been read. */
export function read() {
  const here = conversation();
  if (!here || document.hidden || !here.unread) return;
  here.unread = 0;
  post("/sandbox/mark", { who: store.me.id, channel: here.id });
}

async function watch(own) {
  while (!own.signal.aborted) {
    try {
      take(await asked(watchAddress(WAIT_SECONDS), own.signal));
      store.isConnected = true;
      read();
    } catch (error) {
      if (own.signal.aborted) return;
      store.isConnected = false;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    if (!own.signal.aborted) changed();
  }
}

function watchAddress(wait) {
  const query = new URLSearchParams({
    who: store.me.id, since: store.seq, traffic: store.trafficCount, turn: store.clock?.turn ?? -1, wait,
  });
  return `/sandbox/watch?${query}`;
}

function take(seen) {
  for (const message of seen.messages) keep(message);
  store.seq = seen.seq;
  store.clock = { ...seen.clock, at: performance.now() };
  store.conversations = seen.conversations;
  store.modals = seen.modals;
  store.home = seen.home;
  store.unread = seen.unread;
  store.connections = seen.connections;
  store.traffic = [...store.traffic, ...seen.traffic].slice(-400);
  store.trafficCount = seen.traffic_count;
}

function keep(message) {
  if (!store.messages.has(message.channel)) store.messages.set(message.channel, new Map());
  const there = store.messages.get(message.channel);
  if (message.deleted) there.delete(message.ts);
  else there.set(message.ts, message);
}

/** The instant the demonstration lives in, in milliseconds. */
export function now() {
  return store.clock ? store.clock.now + (performance.now() - store.clock.at) : Date.now();
}

/** What drawing words needs to know: whose names, which zone, what time. */
export function reader() {
  return { name: nameOf, zone: store.me.tz, now };
}

export function nameOf(id) {
  if (id === store.about.app.user) return store.about.app.name;
  const found = store.about.people.find((one) => one.id === id) || store.conversations.find((one) => one.id === id);
  return found ? found.shown || found.name : "";
}

/** Do something as the person; returns the sandbox's reaction, with `error` where it could not be done. */
export async function act(what, body = {}) {
  return post("/sandbox/act?soft", { who: store.me.id, do: what, patience: 0, ...body });
}

export async function moveClock(to) {
  return post("/sandbox/time?soft", { do: "move", to, who: store.me.id });
}

async function asked(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function post(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    return await answer.json();
  } catch {
    return { error: "The sandbox does not answer. Does it still run?" };
  }
}
