package dev.kindstead.admission;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes the requests that are being served hold together, so that many large ones at a
 * time do not end a node for want of memory. Thread-safe.
 */
public final class RequestMemory {
  /** A request's message, decoded, and what is made of it, take several times its bytes. */
  private static final int SHARE_OF_HEAP = 16;

  /** Smaller requests are not counted: their number is limited. */
  private static final int COUNTED_BYTES_MIN = 4 << 10;

  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param heapBytes the most that the process may use
   * @param requestBytesMax the largest request there may be, which always fits when it is alone
   */
  public RequestMemory(long heapBytes, int requestBytesMax) {
    bytesMax = Math.max(heapBytes / SHARE_OF_HEAP, requestBytesMax);
  }

  /** Whether a request of so many bytes may be served; then they must be given back. */
  public boolean tryTake(int request) {
    if (request < COUNTED_BYTES_MIN || bytes.addAndGet(request) <= bytesMax) {
      return true;
    }
    bytes.addAndGet(-request);
    return false;
  }

  public void giveBack(int request) {
    if (request >= COUNTED_BYTES_MIN) {
      bytes.addAndGet(-request);
    }
  }
}
