/**
 * Opens a channel between the windows of this browser. VueUse's keeps the last message alone, and these are streams.
 * @returns what sends a message to the other windows; nothing comes or goes where a browser has no such channels.
 */
export function openWindowChannel<Message>(name: string, receive: (message: Message) => void): (message: Message) => void {
  if (typeof BroadcastChannel === 'undefined')
    return () => {}
  const channel = new BroadcastChannel(`docker-basics:${name}`)
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => receive(data))
  return message => channel.postMessage(message)
}
