package dev.kindstead.transaction;

import dev.kindstead.encoding.Slots;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads transaction ids. Layout: docs/formats/transaction-ids.md. Thread-safe.
 *
 * <p><b>Invariant.</b> An id that reads well was made with this key: the slot and the age in it can
 * be trusted.
 */
final class TransactionIds {
  private static final int VERSION = 1;
  private static final int FLAG_READ_ONLY = 1;
  private static final int BEGIN_OFFSET = 1;
  private static final int MAC_BYTES = 8;
  private static final int SIGNED_BYTES = 1 + 8 + 8 + 4 + 4 + 2 + 1;
  private static final int BYTES = SIGNED_BYTES + MAC_BYTES;
  private static final String ALGORITHM = "HmacSHA256";

  /** Spreads consecutive counters over the slots. */
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  /**
   * What an id says.
   *
   * @param begin microseconds
   * @param age begin of the first transaction in a chain of retries, microseconds: who is older
   *     wins a lock
   * @param slot whose shard decides when no key of the commit names one
   */
  record Content(long begin, long age, int node, int slot, boolean readOnly) {}

  private final Mac signer;
  private final int node;
  private final AtomicLong counter;

  TransactionIds(Bytes key, int node, long seed) {
    this.node = node;
    counter = new AtomicLong(seed);
    try {
      signer = Mac.getInstance(ALGORITHM);
      signer.init(new SecretKeySpec(key.array(), ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + ALGORITHM, e);
    }
  }

  /** A new id; {@code begin} and {@code age} in microseconds. */
  TransactionId mint(long begin, long age, boolean readOnly) {
    long count = counter.incrementAndGet();
    int slot = slotOf(count);
    byte[] id = new byte[BYTES];
    id[0] = VERSION;
    putNumber(id, BEGIN_OFFSET, begin, 8);
    putNumber(id, 9, age, 8);
    putNumber(id, 17, node, 4);
    putNumber(id, 21, count, 4);
    putNumber(id, 25, slot, 2);
    id[27] = (byte) (readOnly ? FLAG_READ_ONLY : 0);
    System.arraycopy(sign(id), 0, id, SIGNED_BYTES, MAC_BYTES);
    return new TransactionId(Bytes.of(id));
  }

  /** Some slot, another one each time. */
  int nextSlot() {
    return slotOf(counter.incrementAndGet());
  }

  private static int slotOf(long count) {
    return (int) ((count * GOLDEN_RATIO) >>> 32) & (Slots.COUNT - 1);
  }

  /** INVALID_ARGUMENT unless this cluster made the id. */
  Content read(TransactionId transaction) {
    Content content = tryRead(transaction);
    if (content == null) {
      throw DatastoreException.invalidArgument(TransactionErrors.CLOSED);
    }
    return content;
  }

  @Nullable Content tryRead(TransactionId transaction) {
    byte[] id = transaction.bytes().array();
    if (id.length != BYTES || id[0] != VERSION) {
      return null;
    }
    byte[] mac = sign(id);
    int difference = 0;
    for (int i = 0; i < MAC_BYTES; i++) {
      difference |= mac[i] ^ id[SIGNED_BYTES + i];
    }
    if (difference != 0) {
      return null;
    }
    return new Content(
        number(id, BEGIN_OFFSET, 8),
        number(id, 9, 8),
        (int) number(id, 17, 4),
        (int) number(id, 25, 2),
        (id[27] & FLAG_READ_ONLY) != 0);
  }

  /** When a transaction began, microseconds; of an id that this cluster made. */
  static long beginOf(Bytes transaction) {
    return number(transaction.array(), BEGIN_OFFSET, 8);
  }

  /** Less than every id of a transaction begun at or after {@code begin}, not of earlier ones. */
  static Bytes lowestOf(long begin) {
    byte[] prefix = new byte[9];
    prefix[0] = VERSION;
    putNumber(prefix, BEGIN_OFFSET, begin, 8);
    return Bytes.of(prefix);
  }

  private byte[] sign(byte[] id) {
    try {
      var mac = (Mac) signer.clone();
      mac.update(id, 0, SIGNED_BYTES);
      return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void putNumber(byte[] id, int offset, long number, int bytes) {
    for (int i = 0; i < bytes; i++) {
      id[offset + i] = (byte) (number >>> (8 * (bytes - 1 - i)));
    }
  }

  private static long number(byte[] id, int offset, int bytes) {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number = number << 8 | (id[offset + i] & 0xFF);
    }
    return number;
  }
}
