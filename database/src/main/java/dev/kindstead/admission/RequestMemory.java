package dev.kindstead.admission;

import dev.kindstead.admission.SharedAmount.Share;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes the requests that are being served hold together, so that many large ones at a
 * time do not end a node for want of memory. Thread-safe.
 */
public final class RequestMemory {
  /** A request's message, decoded, and what is made of it, take several times its bytes. */
  private static final int SHARE_OF_HEAP = 16;

  /** Smaller requests are not counted: their number is limited. */
  private static final int COUNTED_BYTES_MIN = 4 << 10;

  private final SharedAmount bytes;

  /**
   * @param heapBytes the most that the process may use
   * @param requestBytesMax the largest request there may be, which always fits when it is alone
   */
  public RequestMemory(long heapBytes, int requestBytesMax) {
    bytes = new SharedAmount(Math.max(heapBytes / SHARE_OF_HEAP, requestBytesMax));
  }

  /** The same as of a {@link SharedAmount}, for a request of so many bytes. */
  public boolean tryTakeFreely(int request) {
    return request < COUNTED_BYTES_MIN || bytes.tryTakeFreely(request);
  }

  public @Nullable Share tryTake(int request, String database) {
    return request < COUNTED_BYTES_MIN ? Share.OF_THE_FIRST_HALF : bytes.tryTake(request, database);
  }

  public void giveBack(Share share, int request) {
    if (request >= COUNTED_BYTES_MIN) {
      bytes.giveBack(share, request);
    }
  }
}
