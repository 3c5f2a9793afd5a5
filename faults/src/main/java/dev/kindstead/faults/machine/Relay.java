package dev.kindstead.faults.machine;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * A connection between two nodes, by way of us. What is sent while its direction is cut is kept,
 * and delivered when it is mended, as TCP would bring it again. Thread-safe.
 */
final class Relay {
  private static final int PIECE_BYTES = 16 << 10;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  /** Whether what one node sends to another arrives. */
  interface Cuts {
    boolean isCut(int from, int to);
  }

  private final Socket dialer;
  private final Socket listener;
  private final int from;
  private final int to;
  private final Cuts cuts;
  private final IntConsumer kept;

  /**
   * @param from the node that has dialled
   * @param kept is told the receiver of each piece that was not delivered at once
   */
  Relay(Socket dialer, Socket listener, int from, int to, Cuts cuts, IntConsumer kept) {
    this.dialer = dialer;
    this.listener = listener;
    this.from = from;
    this.to = to;
    this.cuts = cuts;
    this.kept = kept;
  }

  boolean isOf(int node) {
    return from != to && (from == node || to == node);
  }

  /** Until either side ends. */
  void toListener() {
    pump(dialer, listener, from, to);
  }

  void toDialer() {
    pump(listener, dialer, to, from);
  }

  private void pump(Socket source, Socket sink, int sender, int receiver) {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      source.setTcpNoDelay(true);
      InputStream in = source.getInputStream();
      OutputStream out = sink.getOutputStream();
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        if (cuts.isCut(sender, receiver)) {
          kept.accept(receiver);
          while (cuts.isCut(sender, receiver) && !sink.isClosed()) {
            Pause.of(LOOK_AGAIN);
          }
        }
        out.write(piece, 0, length);
      }
    } catch (IOException broken) {
      // Both ends learn it below.
    } finally {
      close(source);
      close(sink);
    }
  }

  /** Both ends get a reset, not an end. */
  void reset() {
    for (Socket end : new Socket[] {dialer, listener}) {
      try {
        end.setSoLinger(true, 0);
      } catch (IOException closed) {
        // Already broken.
      }
      close(end);
    }
  }

  static void close(Closeable end) {
    try {
      end.close();
    } catch (IOException e) {
      // Nobody uses it any more.
    }
  }
}
