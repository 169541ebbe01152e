/**
 * Both ends of the channel between agent and engine process: a pair of connected sockets that carry
 * frames (messages.ts) and nothing else. The kernel throws descriptors away that come with bytes,
 * since both ends read plainly.
 */
import type { Socket } from "node:net";
import { FrameSplitter } from "./frame-splitter.ts";
import type { MessageCodec } from "./messages.ts";
import { BadFrame } from "./wire.ts";

export interface ChannelListener<In> {
  onMessage(message: In): void;
  /** The other side sent bytes that are no message. Nothing is taken after this. */
  onBadFrame(error: BadFrame): void;
  /** The other side said its last, and all of it was heard. */
  onEnd(): void;
}

export interface ChannelCodecs<In extends Message, Out extends Message> {
  readonly incoming: MessageCodec<In>;
  readonly outgoing: MessageCodec<Out>;
}

interface Message {
  readonly kind: string;
}

export class Channel<In extends Message, Out extends Message> {
  readonly #socket: Socket;
  readonly #outgoing: MessageCodec<Out>;
  readonly #splitter: FrameSplitter;
  #receivedBytes = 0;

  constructor(socket: Socket, codecs: ChannelCodecs<In, Out>, listener: ChannelListener<In>) {
    const { incoming, outgoing } = codecs;
    this.#socket = socket;
    this.#outgoing = outgoing;
    this.#splitter = new FrameSplitter(incoming.bytesMax, {
      onBody: (bytes, start, end) => {
        const message = incoming.decode(bytes, start, end);
        if (!(message instanceof BadFrame)) {
          listener.onMessage(message);
          return;
        }
        this.#splitter.close();
        listener.onBadFrame(message);
      },
      onBadFrame: listener.onBadFrame.bind(listener),
    });
    socket.on("data", (chunk: Buffer) => {
      this.#receivedBytes += chunk.length;
      this.#splitter.push(chunk);
    });
    // EPIPE, ECONNRESET: the other side is gone, and "close" follows.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      listener.onEnd();
    });
  }

  /** Bytes that the other side has not taken yet. */
  get pendingBytes(): number {
    return this.#socket.writableLength;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /**
   * Calls `sent` when the socket has taken the message. After the end nothing is sent, and `sent`
   * is not called. Throws FrameTooLong.
   */
  send(message: Out, sent?: () => void): void {
    if (!this.#socket.writable) return;
    this.#socket.write(this.#outgoing.encode(message), (error) => {
      if (error === undefined || error === null) sent?.();
    });
  }

  /** Takes nothing that comes from now on; the end is still told. */
  refuseAll(): void {
    this.#splitter.close();
  }

  /** Ends it from here. */
  close(): void {
    this.#socket.destroy();
  }
}
